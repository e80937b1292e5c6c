// The bytes of one message body, in the place where they stay: read into it, parsed in it, sent from it.
#ifndef ARBSTR_PROXY_HTTP_BODY_BUFFER_H_
#define ARBSTR_PROXY_HTTP_BODY_BUFFER_H_

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "proxy/kept_memory.h"

namespace arbstr::proxy {

class BodyBuffer {
 public:
  // Bytes beyond the end that may be read, though not used: what simdjson wants of its input.
  static constexpr size_t kPadding = 64;

  // `limit`: bytes; more is refused by Append.
  explicit BodyBuffer(size_t limit) : limit_(limit) {}
  // What is moved from is empty, and can be used.
  BodyBuffer(BodyBuffer&& other) noexcept
      : limit_(other.limit_), size_(std::exchange(other.size_, 0)), data_(std::move(other.data_)) {}
  BodyBuffer& operator=(BodyBuffer&& other) noexcept {
    limit_ = other.limit_;
    size_ = std::exchange(other.size_, 0);
    data_ = std::move(other.data_);
    return *this;
  }

  size_t limit() const { return limit_; }
  size_t size() const { return size_; }
  std::string_view view() const { return {data_.get(), size_}; }

  // Makes room for `total` bytes in all (at most the limit) so that no later growth copies.
  void Reserve(size_t total);
  // Room of exactly `bytes` behind the end; Commit says how much of it was filled.
  std::span<char> Prepare(size_t bytes);
  void Commit(size_t bytes) { size_ += bytes; }
  // False, and nothing appended, where the limit would be passed.
  bool Append(std::string_view bytes);
  // Drops the first `bytes`, moving the rest down.
  void Consume(size_t bytes);
  void Clear() { size_ = 0; }
  // Gives the memory back.
  void Release();

 private:
  struct GiveBack {
    GiveBack() : size(0) {}
    explicit GiveBack(size_t bytes) : size(bytes) {}
    size_t size;
    void operator()(char* memory) const noexcept { KeptMemory::GiveBack(memory, size); }
  };
  size_t capacity() const { return data_ ? data_.get_deleter().size - kPadding : 0; }

  size_t limit_;
  size_t size_ = 0;
  std::unique_ptr<char[], GiveBack> data_;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_HTTP_BODY_BUFFER_H_
