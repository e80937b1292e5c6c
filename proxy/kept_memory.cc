#include "proxy/kept_memory.h"

#include <array>
#include <cstdint>
#include <new>

namespace arbstr::proxy {
namespace {

constexpr std::size_t kStep = 64;          // sizes are rounded up to it
constexpr std::size_t kLargest = 4096;     // a larger piece is not kept
constexpr std::uint32_t kMostOfSize = 32;  // kept of each size: what is in use in one turn of a loop

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kKeep = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
constexpr bool kKeep = false;
#else
constexpr bool kKeep = true;
#endif
#else
constexpr bool kKeep = true;
#endif

// A list through the pieces themselves.
struct Piece {
  Piece* next;
};

class Shelf {
 public:
  ~Shelf() {
    for (List& list : lists_) {
      while (Piece* const piece = list.first) {
        list.first = piece->next;
        ::operator delete(piece);
      }
      list.length = kMostOfSize;  // whatever comes back after this is not kept
    }
  }

  void* Take(std::size_t steps) {
    List& list = lists_[steps];
    Piece* const piece = list.first;
    if (piece == nullptr) return ::operator new(steps* kStep);
    list.first = piece->next;
    --list.length;
    return piece;
  }

  void GiveBack(void* memory, std::size_t steps) noexcept {
    List& list = lists_[steps];
    if (list.length == kMostOfSize) return ::operator delete(memory);
    list.first = new (memory) Piece{list.first};
    ++list.length;
  }

 private:
  struct List {
    Piece* first = nullptr;
    std::uint32_t length = 0;
  };
  std::array<List, kLargest / kStep + 1> lists_{};
};

thread_local Shelf shelf;

std::size_t Steps(std::size_t size) { return (size + kStep - 1) / kStep; }

}  // namespace

void* KeptMemory::Take(std::size_t size) {
  if (!kKeep || size > kLargest) return ::operator new(size);
  return shelf.Take(Steps(size));
}

void KeptMemory::GiveBack(void* memory, std::size_t size) noexcept {
  if (!kKeep || size > kLargest) return ::operator delete(memory);
  shelf.GiveBack(memory, Steps(size));
}

}  // namespace arbstr::proxy
