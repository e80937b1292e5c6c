#include "proxy/http/body_buffer.h"

#include <algorithm>
#include <cstring>

namespace arbstr::proxy {

void BodyBuffer::Reserve(size_t total) {
  if (total <= capacity()) return;
  // Not zeroed: a client that announces 32 MiB and sends none of it costs address space, not memory.
  const GiveBack memory(total + kPadding);
  std::unique_ptr<char[], GiveBack> grown(static_cast<char*>(KeptMemory::Take(memory.size)), memory);
  if (size_ != 0) std::memcpy(grown.get(), data_.get(), size_);
  data_ = std::move(grown);
}

std::span<char> BodyBuffer::Prepare(size_t bytes) {
  if (size_ + bytes > capacity()) Reserve(std::max(size_ + bytes, std::min(2 * capacity(), limit_)));
  return {data_.get() + size_, bytes};
}

bool BodyBuffer::Append(std::string_view bytes) {
  if (bytes.size() > limit_ - size_) return false;
  if (bytes.empty()) return true;
  std::memcpy(Prepare(bytes.size()).data(), bytes.data(), bytes.size());
  Commit(bytes.size());
  return true;
}

void BodyBuffer::Consume(size_t bytes) {
  size_ -= bytes;
  if (size_ != 0) std::memmove(data_.get(), data_.get() + bytes, size_);
}

void BodyBuffer::Release() {
  data_.reset();
  size_ = 0;
}

}  // namespace arbstr::proxy
