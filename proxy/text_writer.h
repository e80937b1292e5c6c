// A text that is made of many small pieces, one behind the other: each is copied into its place, where
// std::string's append would be a call.
#ifndef ARBSTR_PROXY_TEXT_WRITER_H_
#define ARBSTR_PROXY_TEXT_WRITER_H_

#include <algorithm>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

namespace arbstr::proxy {

class TextWriter {
 public:
  // `room`: bytes that can be appended before it must grow.
  explicit TextWriter(std::size_t room) : text_(room, '\0') {}

  // So many more bytes, to be written at once; they end with the next change.
  char* Extend(std::size_t bytes) {
    if (text_.size() - size_ < bytes) Grow(bytes);
    size_ += bytes;
    return text_.data() + size_ - bytes;
  }
  void Append(std::string_view piece) {
    if (!piece.empty()) std::memcpy(Extend(piece.size()), piece.data(), piece.size());
  }
  void AppendNumber(std::integral auto number) {
    constexpr std::size_t kMostDigits = 20;
    char* const begin = Extend(kMostDigits);
    const char* const end = std::to_chars(begin, begin + kMostDigits, number).ptr;
    size_ -= static_cast<std::size_t>(begin + kMostDigits - end);
  }

  // Ends with the next change.
  std::string_view view() const { return {text_.data(), size_}; }
  std::string Take() && {
    text_.resize(size_);
    return std::move(text_);
  }

 private:
  void Grow(std::size_t bytes) { text_.resize(std::max(2 * text_.size(), size_ + bytes)); }

  std::string text_;  // as long as there is room
  std::size_t size_ = 0;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_TEXT_WRITER_H_
