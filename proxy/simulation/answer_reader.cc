#include "proxy/simulation/answer_reader.h"

#include <charconv>

namespace arbstr::proxy::simulation {
namespace {

size_t Number(std::string_view text, int base) {
  size_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value, base);
  return value;
}

}  // namespace

bool AnswerReader::Put(std::string_view bytes) {
  received_.append(bytes);
  if (!head_read_ && !ReadHead()) return false;
  if (chunked_) return answer_.whole = ReadChunks();
  answer_.body = received_.substr(at_);
  answer_.whole = length_ && answer_.body.size() == *length_;
  return answer_.whole;
}

void AnswerReader::End() {
  if (head_read_ && !chunked_ && !length_) answer_.whole = true;
}

bool AnswerReader::ReadHead() {
  const size_t end = received_.find("\r\n\r\n");
  if (end == received_.npos) return false;
  std::string_view head = std::string_view(received_).substr(0, end + 2);
  answer_.status = static_cast<int>(Number(head.substr(9, 3), 10));
  for (size_t line = head.find("\r\n") + 2; line < head.size(); line = head.find("\r\n", line) + 2) {
    const size_t colon = head.find(": ", line);
    const size_t stop = head.find("\r\n", line);
    answer_.fields.emplace(head.substr(line, colon - line), head.substr(colon + 2, stop - colon - 2));
  }
  head_read_ = true;
  at_ = end + 4;
  chunked_ = answer_.field("transfer-encoding") == "chunked";
  if (answer_.fields.contains("content-length")) length_ = Number(answer_.field("content-length"), 10);
  return true;
}

bool AnswerReader::ReadChunks() {
  while (true) {
    const size_t line = received_.find("\r\n", at_);
    if (line == received_.npos) return false;
    const size_t size = Number(std::string_view(received_).substr(at_, line - at_), 16);
    if (received_.size() < line + 2 + size + 2) return false;
    answer_.body.append(received_, line + 2, size);
    at_ = line + 2 + size + 2;
    if (size == 0) return true;
  }
}

}  // namespace arbstr::proxy::simulation
