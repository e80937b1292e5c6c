// Passes a provider's event stream on to the client, event by event, and ends it honestly.
#ifndef ARBSTR_PROXY_CHAT_STREAM_RELAY_H_
#define ARBSTR_PROXY_CHAT_STREAM_RELAY_H_

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "proxy/chat/chat_call.h"
#include "proxy/chat/sse_block.h"
#include "proxy/chat/stream_inspector.h"
#include "proxy/upstream/admission.h"
#include "proxy/upstream/upstream_exchange.h"
#include "proxy/worker.h"

namespace arbstr::proxy {

enum class StreamEnd {
  kWhole,         // [DONE], or after every finish_reason an end, silence, or ten seconds without a chunk
  kCut,           // broken, or an end with neither
  kErrorEvent,    // the provider said so itself
  kFirstTimeout,  // no event within first_event_ms
  kIdle,          // silence for stream_idle_ms
  kClientGone,
  kShutdown,
};

class StreamRelay {
 public:
  // Everything given outlives this; `exchange` has its response's head. `received`: what has been read of the
  // stream already; its limit is that of an event. `choices`: asked for. `secrets`: the provider's, any of
  // which its error event may quote.
  StreamRelay(Worker& worker, const ChatCall& call, UpstreamExchange& exchange, BodyBuffer&& received,
              bool forward_usage, uint64_t choices, const std::vector<std::string>& secrets);

  // From now on the first so many bytes of what is sent are kept, for the log.
  void KeepSent(size_t bytes) { most_kept_ = bytes; }

  // Sends the response's head with `fields`, then the events, those received and then as they come, up to the
  // last one, which is held back: what remains to be sent is Finish's or Break's. `first_event` is disarmed
  // by the first event, or at once where something has been received. `permit` is told of the first chunk
  // that is no error.
  Task<StreamEnd> Run(const std::string& fields, Deadline& first_event, Admission::Permit& permit);

  // The end of a whole answer: a comment of ours, [DONE], the end of the message.
  Task<> Finish(std::string_view comment);
  // An error event, unless the provider sent its own, and no end of the message: the connection must be
  // closed.
  Task<> Break(const std::string& error_json);

  const StreamInspector& inspector() const { return inspector_; }
  std::optional<std::chrono::steady_clock::time_point> first_event_at() const { return first_event_at_; }
  // What KeepSent has kept of the events, and how many bytes of them were sent in all.
  const std::string& kept() const { return kept_; }
  size_t sent_bytes() const { return sent_bytes_; }
  // Why a kCut stream broke.
  const std::string& cut_reason() const { return cut_reason_; }
  // The client's connection takes another request after Finish.
  bool reusable() const { return chunked_ && !write_failed_; }

 private:
  void OnFirstEvent(Deadline& first_event);
  std::optional<StreamEnd> TakeEvents();
  // `missing_end`: what the event lacks to be a whole one.
  StreamEnd TakeError(std::string_view event, std::string_view missing_end);
  StreamEnd EndOfMessage();
  StreamEnd Interrupted() const;
  std::chrono::milliseconds TailTime() const;
  std::chrono::steady_clock::time_point NextEventDue() const;
  // Looks at what has been received, and says where the stream has ended with it.
  std::optional<StreamEnd> TakeReceived(bool message_done, Deadline& first_event, Admission::Permit& permit);
  // `head`: of the response, before the first bytes of it.
  Task<> Send(std::string_view bytes, std::string_view head = {});
  Task<> SendOutgoing(std::string_view head = {});

  Worker& worker_;
  const ChatCall& call_;
  UpstreamExchange& exchange_;
  const std::vector<std::string>& secrets_;
  SseSplitter splitter_;
  StreamInspector inspector_;
  BodyBuffer received_;  // decoded, not yet a whole event
  std::string outgoing_;
  std::string done_event_ = "data: [DONE]\n\n";
  std::string cut_reason_;
  std::string kept_;
  size_t most_kept_ = 0;
  size_t sent_bytes_ = 0;
  std::optional<std::chrono::steady_clock::time_point> first_event_at_;
  const bool chunked_;
  // Once every choice has had its finish_reason: how long its usage and [DONE] are waited
  // for, from the last chunk on.
  std::optional<std::chrono::steady_clock::time_point> wait_until_;
  bool begun_ = false;  // with a chunk that is no error
  bool write_failed_ = false;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_STREAM_RELAY_H_
