#include "proxy/kept_memory.h"

#include <array>
#include <cstdint>
#include <new>

namespace arbstr::proxy {
namespace {

constexpr std::size_t kStep = 16;           // sizes are rounded up to it, as the heap does
constexpr std::size_t kLargest = 4096;      // a larger piece is not kept
constexpr std::uint32_t kMostOfSize = 128;  // kept of each size: what is in use in one turn of a loop

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

struct List {
  Piece* first = nullptr;
  std::uint32_t length = 0;
};

// By size in steps. Needs neither construction nor destruction, so that reaching it costs no check.
constinit thread_local std::array<List, kLargest / kStep + 1> lists{};

// Ends with its thread, and what the thread has kept with it.
struct ThreadExitCleanup {
  void Begin() {}  // at the thread's first use of it
  ~ThreadExitCleanup() {
    for (List& list : lists) {
      while (Piece* const piece = list.first) {
        list.first = piece->next;
        ::operator delete(piece);
      }
      list.length = kMostOfSize;  // whatever comes back after this is not kept
    }
  }
};

thread_local ThreadExitCleanup thread_exit_cleanup;

std::size_t Steps(std::size_t size) { return size == 0 ? 1 : (size + kStep - 1) / kStep; }

}  // namespace

void* KeptMemory::Take(std::size_t size) {
  if (!kKeep || size > kLargest) return ::operator new(size);
  List& list = lists[Steps(size)];
  Piece* const piece = list.first;
  if (piece == nullptr) return ::operator new(Steps(size) * kStep);
  list.first = piece->next;
  --list.length;
  return piece;
}

void KeptMemory::GiveBack(void* memory, std::size_t size) noexcept {
  if (!kKeep || size > kLargest) return ::operator delete(memory);
  List& list = lists[Steps(size)];
  if (list.length == kMostOfSize) return ::operator delete(memory);
  if (list.first == nullptr) thread_exit_cleanup.Begin();
  list.first = new (memory) Piece{list.first};
  ++list.length;
}

}  // namespace arbstr::proxy
