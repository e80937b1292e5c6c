// Server-sent events (WHATWG HTML §9.2) as bytes: a stream is cut into blocks, each ended by an empty line,
// which are passed on whole and unchanged; an event's fields are read out of its block.
//
//   stream = *block          block = *line empty-line          line end = CRLF | LF | CR
#ifndef ARBSTR_PROXY_CHAT_SSE_BLOCK_H_
#define ARBSTR_PROXY_CHAT_SSE_BLOCK_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace arbstr::proxy {

// One event at most; a provider that never ends one would fill our memory.
inline constexpr size_t kMaxEventBytes = 16 << 20;

// Finds where blocks end, in bytes that arrive in any pieces, looking at each byte once.
class SseSplitter {
 public:
  // The length of the first block of `text`, its empty line included; nothing while it has not ended. `text`
  // is what was given last time with more behind it, or, after a block was found, what followed that block.
  std::optional<size_t> BlockLength(std::string_view text);

 private:
  size_t scanned_ = 0;
  size_t line_start_ = 0;
};

struct SseEvent {
  bool has_data = false;
  std::string data;  // the data lines, joined by LF
  std::string name;  // the event field; empty: message
};

SseEvent ParseSseBlock(std::string_view block);
// Into `event`, whose texts keep their memory.
void ParseSseBlock(std::string_view block, SseEvent& event);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_SSE_BLOCK_H_
