// What a stream's events mean, without touching a byte of them: which are passed on, how it ended, what it
// used.
#ifndef ARBSTR_PROXY_CHAT_STREAM_INSPECTOR_H_
#define ARBSTR_PROXY_CHAT_STREAM_INSPECTOR_H_

#include <simdjson.h>

#include <algorithm>
#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "proxy/chat/sse_block.h"
#include "proxy/http/message_parser.h"
#include "router/price.h"

namespace arbstr::proxy {

// Whether what has come of a block can only become [DONE]: its empty line need not be waited for, and may
// never come.
bool IsDoneWithoutItsEmptyLine(std::string_view block_so_far);

// What a stream is to have, and how it may end.
struct StreamShape {
  uint64_t choices = 1;      // asked for
  bool until_close = false;  // only the connection's end ends it (RFC 9112 §6.3), and looks the same as a cut
};
StreamShape ShapeOf(uint64_t choices, const ResponseParser& response);

class StreamInspector {
 public:
  static constexpr size_t kMaxChoices = 128;  // OpenAI's limit of `n`

  enum class Action {
    kForward,
    kWithhold,  // the usage-only chunk, which the client did not ask for
    kDone,      // data: [DONE]
    kError,     // the provider's own error event: pass it on, nothing follows
  };

  // `parser` is only used inside Inspect.
  StreamInspector(bool forward_usage, StreamShape shape, simdjson::dom::parser& parser)
      : forward_usage_(forward_usage), shape_(shape), parser_(parser) {}

  // One whole block. What is not JSON is passed on: a stray event does not end a good stream.
  Action Inspect(std::string_view block);

  // Blocks so far that were a JSON object, whole.
  size_t chunks() const { return chunks_; }
  // The block inspected last was one.
  bool last_was_chunk() const { return last_ == Last::kChunk; }
  // The block inspected last had data, but neither a JSON object nor [DONE].
  bool last_was_malformed() const { return last_ == Last::kMalformed; }
  // An event has carried something of the answer: text, reasoning, a refusal, audio, a call.
  bool any_token() const { return any_token_; }
  // An event has been seen; comments are none.
  bool any_event() const { return any_event_; }
  // Every choice that began has had its finish_reason, and none went on behind it: the answer is whole even
  // without [DONE]. Some providers give a reason with every chunk, which says nothing.
  bool finished() const { return has_reasons() && !goes_on_; }
  // Nor is one missing that was asked for: it is whole even if it was cut.
  bool finished_all() const { return finished() && has_all_choices(); }
  // It is whole where the message ends here, as HTTP has it.
  bool whole_at_end() const { return has_reasons() && (has_all_choices() || !shape_.until_close); }
  const std::optional<router::Usage>& usage() const { return usage_; }
  const std::optional<double>& total_cost() const { return total_cost_; }
  // The message of the error event.
  const std::string& error_message() const { return error_message_; }

 private:
  enum class Last { kNothing, kChunk, kMalformed };

  bool has_reasons() const { return begun_.any() && begun_ == finished_; }
  bool has_all_choices() const { return begun_.count() >= std::min<uint64_t>(shape_.choices, kMaxChoices); }

  // The event's data, where it is a JSON object.
  std::optional<simdjson::dom::object> ParseChunk();
  Action InspectChunk(const simdjson::dom::object& chunk);
  void ReadChoices(const simdjson::dom::array& choices);

  const bool forward_usage_;
  const StreamShape shape_;
  simdjson::dom::parser& parser_;
  SseEvent event_;  // inspected last; it keeps its memory for the next one
  Last last_ = Last::kNothing;
  size_t chunks_ = 0;
  bool any_event_ = false;
  bool any_token_ = false;
  bool goes_on_ = false;  // something came of a choice that had finished
  std::bitset<kMaxChoices> begun_, finished_;
  std::optional<router::Usage> usage_;
  std::optional<double> total_cost_;
  std::string error_message_;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_STREAM_INSPECTOR_H_
