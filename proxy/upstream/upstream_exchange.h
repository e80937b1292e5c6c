// One attempt's HTTP: a request to a provider and its response, over a pooled or a new connection.
#ifndef ARBSTR_PROXY_UPSTREAM_UPSTREAM_EXCHANGE_H_
#define ARBSTR_PROXY_UPSTREAM_UPSTREAM_EXCHANGE_H_

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "proxy/http/message_parser.h"
#include "proxy/net/connector.h"
#include "proxy/net/interrupt.h"
#include "proxy/net/loop_clock.h"
#include "proxy/upstream/connection_pool.h"
#include "proxy/upstream/upstream.h"
#include "retry/classify.h"

namespace arbstr::proxy {

// A spliced body (proxy/chat/body_splice.h): what is left of it around two changes, and the changes.
inline constexpr size_t kMaxBodyPieces = 5;

struct UpstreamRequest {
  std::string_view fields;                 // what this request adds to the provider's head, each line ended
  std::span<const std::string_view> body;  // at most kMaxBodyPieces, so that a spliced body is not copied
};

// Why there is no response, or no whole one.
struct UpstreamFailure {
  retry::Fault fault;
  std::string message;  // without secrets
};

// What an operation of an exchange ended with. Interrupted: stopped by the request's Interrupt, which says
// why.
struct UpstreamResult {
  bool interrupted = false;
  std::unique_ptr<UpstreamFailure> failure;  // rare, so that what waits holds no room for it
  bool ok() const { return !interrupted && !failure; }
};

// How long an exchange took, as far as it has come.
struct ExchangeTimes {
  using Duration = std::chrono::steady_clock::duration;
  std::optional<Duration> connect;     // of the new connection; absent: pooled, or none came about
  std::optional<Duration> first_byte;  // from Begin to the first byte of the response
  Duration waited{};                   // for the provider: connecting, sending and receiving
};

class UpstreamExchange {
 public:
  // Everything given outlives this.
  UpstreamExchange(const Upstream& upstream, ConnectionPool& pool, Connector& connector, LoopClock clock,
                   std::chrono::milliseconds connect_timeout, Interrupt& interrupt)
      : upstream_(upstream),
        pool_(pool),
        connector_(connector),
        clock_(clock),
        connect_timeout_(connect_timeout),
        interrupt_(interrupt) {}

  // Connects, sends, and waits for the response's head. A pooled connection that dies before the first byte
  // of the response is replaced by a new one, once.
  Task<UpstreamResult> Begin(const UpstreamRequest& request);

  // After Begin: the head. Its header views live as long as this.
  const ResponseParser& response() const { return *response_; }
  const ExchangeTimes& times() const { return times_; }

  // The whole body; kTooLarge past `body`'s limit.
  Task<UpstreamResult> ReadBody(BodyBuffer& body);
  // What has come of the body already, if anything; `done` at the message's end.
  UpstreamResult TakeReceived(BodyBuffer& body, bool& done);
  // As much of the body as has come, at least a byte of the message; `done` at its end, and ever after.
  Task<UpstreamResult> ReadSome(BodyBuffer& body, bool& done);

  // Gives the connection back to the pool where it can carry another exchange, if need be once the message
  // has ended, for which nobody waits. Destruction without it closes it. The response is there no more.
  void Finish();

 private:
  Task<UpstreamResult> OpenConnection();
  Task<ErrorCode> Send(const UpstreamRequest& request);
  Task<UpstreamResult> ReadHead(ErrorCode send_error);
  Task<UpstreamResult> ReadToEnd(BodyBuffer& body);
  Task<UpstreamResult> ReadExactBody(uint64_t length, BodyBuffer& body);
  Task<ErrorCode> Read();
  void OnRead(size_t bytes);

  const Upstream& upstream_;
  ConnectionPool& pool_;
  Connector& connector_;
  const LoopClock clock_;
  const std::chrono::milliseconds connect_timeout_;
  Interrupt& interrupt_;
  std::unique_ptr<UpstreamConnection> connection_;
  std::optional<ResponseParser> response_;
  std::chrono::steady_clock::time_point begun_;
  ExchangeTimes times_;
  size_t body_bytes_ = 0;  // decoded so far, whether or not the reader has used them up
  bool sent_ = false;      // the whole request
  bool complete_ = false;  // the message ended where HTTP said, with the connection still usable
  bool closed_ = false;    // the message ended with the connection
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_UPSTREAM_UPSTREAM_EXCHANGE_H_
