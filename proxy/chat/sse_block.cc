#include "proxy/chat/sse_block.h"

#include <algorithm>
#include <cstring>

namespace arbstr::proxy {
namespace {

// The first CR or LF from `from` on. string_view's find_first_of looks at one character at a time. The pieces
// that are searched for both are of a usual line's size at first: a line of a few bytes must not cost a
// search of all that follows.
size_t FindLineEnd(std::string_view text, size_t from) {
  for (size_t length = 512; from < text.size(); from += length, length *= 2) {
    const std::string_view piece = text.substr(from, length);
    const auto find = [](std::string_view in, char c) {
      const void* const found = std::memchr(in.data(), c, in.size());
      return found == nullptr ? in.size() : static_cast<size_t>(static_cast<const char*>(found) - in.data());
    };
    const size_t feed = find(piece, '\n');
    const size_t end = find(piece.substr(0, feed), '\r');
    if (end < piece.size()) return from + end;
  }
  return text.npos;
}

}  // namespace

std::optional<size_t> SseSplitter::BlockLength(std::string_view text) {
  while (true) {
    const size_t end = FindLineEnd(text, scanned_);
    if (end == text.npos) {
      scanned_ = text.size();
      return std::nullopt;
    }
    const bool carriage_return = text[end] == '\r';
    const bool last_byte = end + 1 == text.size();
    const bool empty_line = end == line_start_;
    // A CR at the end of what has come may be half of a CRLF, unless the stream ends its lines with CR alone.
    if (carriage_return && last_byte && !(empty_line && end > 0 && text[end - 1] == '\r')) {
      scanned_ = end;
      return std::nullopt;
    }
    const size_t next = end + (carriage_return && !last_byte && text[end + 1] == '\n' ? 2 : 1);
    scanned_ = line_start_ = next;
    if (!empty_line) continue;
    scanned_ = line_start_ = 0;
    return next;
  }
}

SseEvent ParseSseBlock(std::string_view block) {
  SseEvent event;
  ParseSseBlock(block, event);
  return event;
}

void ParseSseBlock(std::string_view block, SseEvent& event) {
  event.has_data = false;
  event.data.clear();
  event.name.clear();
  if (block.starts_with("\xEF\xBB\xBF")) block.remove_prefix(3);  // a byte order mark at the stream's start
  while (!block.empty()) {
    const size_t end = std::min(FindLineEnd(block, 0), block.size());
    const std::string_view line = block.substr(0, end);
    block.remove_prefix(std::min(end + 1, block.size()));
    const size_t colon = line.find(':');
    const std::string_view field = line.substr(0, colon);
    std::string_view value = colon == line.npos ? std::string_view() : line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    if (field == "data") {
      if (event.has_data) event.data.push_back('\n');
      event.data.append(value);
      event.has_data = true;
    } else if (field == "event") {
      event.name = value;
    }
  }
}

}  // namespace arbstr::proxy
