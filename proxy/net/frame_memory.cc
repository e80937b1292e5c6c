#include "proxy/net/frame_memory.h"

#include <array>
#include <cstdint>
#include <new>

namespace arbstr::proxy {
namespace {

constexpr std::size_t kStep = 64;       // sizes are rounded up to it
constexpr std::size_t kLargest = 4096;  // a larger frame is not kept
constexpr std::uint32_t kMostOfSize =
    32;  // kept of each size: as many as are under way in one turn of a loop

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

// A list through the dropped frames themselves.
struct Dropped {
  Dropped* next;
};

class KeptFrames {
 public:
  ~KeptFrames() {
    for (List& list : lists_) {
      while (Dropped* const frame = list.first) {
        list.first = frame->next;
        ::operator delete(frame);
      }
      list.length = kMostOfSize;  // whatever is dropped after this is not kept
    }
  }

  void* Take(std::size_t steps) {
    List& list = lists_[steps];
    Dropped* const frame = list.first;
    if (frame == nullptr) return ::operator new(steps* kStep);
    list.first = frame->next;
    --list.length;
    return frame;
  }

  void Keep(void* memory, std::size_t steps) noexcept {
    List& list = lists_[steps];
    if (list.length == kMostOfSize) return ::operator delete(memory);
    list.first = new (memory) Dropped{list.first};
    ++list.length;
  }

 private:
  struct List {
    Dropped* first = nullptr;
    std::uint32_t length = 0;
  };
  std::array<List, kLargest / kStep + 1> lists_{};
};

thread_local KeptFrames kept_frames;

}  // namespace

void* FrameMemory::operator new(std::size_t size) {
  if (!kKeep || size > kLargest) return ::operator new(size);
  return kept_frames.Take((size + kStep - 1) / kStep);
}

void FrameMemory::operator delete(void* frame, std::size_t size) noexcept {
  if (!kKeep || size > kLargest) return ::operator delete(frame);
  kept_frames.Keep(frame, (size + kStep - 1) / kStep);
}

}  // namespace arbstr::proxy
