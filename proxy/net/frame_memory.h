// Where the frames of coroutines are: each request makes and drops some thirty, most of them at once.
#ifndef ARBSTR_PROXY_NET_FRAME_MEMORY_H_
#define ARBSTR_PROXY_NET_FRAME_MEMORY_H_

#include <cstddef>

namespace arbstr::proxy {

// Base of a promise. A thread keeps the frames it dropped last for its next ones, a few of each size, so that
// the heap is seldom asked. Under AddressSanitizer it keeps none, so that each use of a dropped frame is
// found.
class FrameMemory {
 public:
  static void* operator new(std::size_t size);
  static void operator delete(void* frame, std::size_t size) noexcept;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_NET_FRAME_MEMORY_H_
