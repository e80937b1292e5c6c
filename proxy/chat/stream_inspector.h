// What a stream's events mean, without touching a byte of them: which are passed on, how it ended, what it
// used.
#ifndef ARBSTR_PROXY_CHAT_STREAM_INSPECTOR_H_
#define ARBSTR_PROXY_CHAT_STREAM_INSPECTOR_H_

#include <simdjson.h>

#include <bitset>
#include <optional>
#include <string>
#include <string_view>

#include "router/price.h"

namespace arbstr::proxy {

class StreamInspector {
 public:
  enum class Action {
    kForward,
    kWithhold,  // the usage-only chunk, which the client did not ask for
    kDone,      // data: [DONE]
    kError,     // the provider's own error event: pass it on, nothing follows
  };

  // `parser` is only used inside Inspect.
  StreamInspector(bool forward_usage, simdjson::dom::parser& parser)
      : forward_usage_(forward_usage), parser_(parser) {}

  // One whole block. What is not JSON is passed on: a stray event does not end a good stream.
  Action Inspect(std::string_view block);

  // The block inspected last was a JSON object, whole.
  bool last_was_chunk() const { return last_was_chunk_; }
  // An event has been seen; comments are none.
  bool any_event() const { return any_event_; }
  // Every choice that began has had its finish_reason: the answer is whole even without [DONE].
  bool finished() const { return begun_.any() && begun_ == finished_; }
  const std::optional<router::Usage>& usage() const { return usage_; }
  const std::optional<double>& total_cost() const { return total_cost_; }
  // The message of the error event.
  const std::string& error_message() const { return error_message_; }

 private:
  Action InspectChunk(const simdjson::dom::element& chunk);
  void ReadChoices(const simdjson::dom::array& choices);

  static constexpr size_t kMaxChoices = 128;  // OpenAI's limit of `n`

  const bool forward_usage_;
  simdjson::dom::parser& parser_;
  bool last_was_chunk_ = false;
  bool any_event_ = false;
  std::bitset<kMaxChoices> begun_, finished_;
  std::optional<router::Usage> usage_;
  std::optional<double> total_cost_;
  std::string error_message_;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_STREAM_INSPECTOR_H_
