// The beginning of a provider's event stream, up to the first event that carries something of the answer.
// Until then nothing has been sent to the client, and a stream that fails can be made good elsewhere.
#ifndef ARBSTR_PROXY_CHAT_STREAM_HEAD_H_
#define ARBSTR_PROXY_CHAT_STREAM_HEAD_H_

#include <simdjson.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "proxy/chat/sse_block.h"
#include "proxy/chat/stream_inspector.h"

namespace arbstr::proxy {

class StreamHead {
 public:
  // So much is held back at most; a stream that has carried nothing in it is passed on for what it is.
  static constexpr size_t kMaxBytes = 1 << 20;

  enum class State {
    kOpen,       // nothing is known yet
    kBegun,      // something has come, or every finish_reason and so an empty answer, or kMaxBytes
    kDone,       // [DONE] before anything came: an empty answer, and all of it is here
    kError,      // the provider's own error event
    kMalformed,  // an event that is neither a JSON object nor [DONE]
    kCut,        // the stream ended before [DONE] or every finish_reason
  };

  // `parser` is only used inside Look.
  StreamHead(StreamShape shape, simdjson::dom::parser& parser) : inspector_(false, shape, parser) {}

  // `bytes`: the stream from its first byte on, as far as it has come; `ended`: there will be no more. Once a
  // state other than kOpen has been reached it stays.
  State Look(std::string_view bytes, bool ended);

  State state() const { return state_; }
  // Of the event that is kError or kMalformed.
  const std::string& data() const { return data_; }
  // What an error event says.
  const std::string& error_message() const { return inspector_.error_message(); }

 private:
  State Judge(std::string_view block);
  State JudgeEnd(std::string_view last);

  SseSplitter splitter_;
  StreamInspector inspector_;
  size_t taken_ = 0;  // bytes of whole blocks
  State state_ = State::kOpen;
  std::string data_;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_STREAM_HEAD_H_
