// Memory that comes and goes with each request: the frames of coroutines, some twenty of them, and the
// buffers of small bodies.
#ifndef ARBSTR_PROXY_KEPT_MEMORY_H_
#define ARBSTR_PROXY_KEPT_MEMORY_H_

#include <cstddef>

namespace arbstr::proxy {

// Each thread keeps what it gave back last for its next use, at most 128 pieces of each multiple of 16 bytes
// up to 4 KiB, so that the heap is seldom asked. Under AddressSanitizer it keeps nothing, so that each use of
// a piece that was given back is found. Any thread may give back what another took.
class KeptMemory {
 public:
  static void* Take(std::size_t size);
  // `size`: what it was taken with.
  static void GiveBack(void* memory, std::size_t size) noexcept;
};

// Base of a coroutine's promise, whose frame is then in such memory.
class FrameMemory {
 public:
  static void* operator new(std::size_t size) { return KeptMemory::Take(size); }
  static void operator delete(void* frame, std::size_t size) noexcept { KeptMemory::GiveBack(frame, size); }
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_KEPT_MEMORY_H_
