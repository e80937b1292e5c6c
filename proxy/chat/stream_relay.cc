#include "proxy/chat/stream_relay.h"

#include <fmt/format.h>

#include <array>

#include "proxy/http/response.h"

namespace arbstr::proxy {
namespace {

// One event at most; a provider that never ends one would fill our memory.
constexpr size_t kMaxEventBytes = 16 << 20;

}  // namespace

StreamRelay::StreamRelay(Worker& worker, const ChatCall& call, UpstreamExchange& exchange, bool forward_usage)
    : worker_(worker),
      call_(call),
      exchange_(exchange),
      inspector_(forward_usage, worker.json),
      received_(kMaxEventBytes),
      chunked_(!call.head.http_1_0()) {}

Task<StreamEnd> StreamRelay::Run(const std::string& fields, Deadline& first_event) {
  const Framing framing = chunked_ ? Framing::kChunked : Framing::kUntilClose;
  const bool close = !chunked_ || !call_.head.keep_alive();
  const std::string head =
      FormatHead(exchange_.response().status(), fields, call_.request_id, framing, 0, close);
  write_failed_ = static_cast<bool>(co_await call_.client.Write(head));

  Deadline idle(worker_.wheel, [&] { call_.interrupt.Fire(InterruptReason::kStreamIdle); });
  for (bool message_done = false;;) {
    if (write_failed_) co_return StreamEnd::kClientGone;
    if (call_.interrupt.fired()) co_return Interrupted();
    if (message_done) co_return EndOfMessage();
    if (first_event_at_) idle.ArmAfter(worker_.gateway.config.retry.stream_idle);
    const UpstreamResult read = co_await exchange_.ReadSome(received_, message_done);
    idle.Disarm();
    const std::optional<StreamEnd> end = TakeEvents();
    if (inspector_.any_event() && !first_event_at_) {
      first_event_at_ = std::chrono::steady_clock::now();
      first_event.Disarm();
    }
    if (!outgoing_.empty()) {
      co_await Send(outgoing_);
      outgoing_.clear();
    }
    if (end) co_return *end;
    if (read.failure) {
      cut_reason_ = read.failure->message;
      // The connection may go before the last chunk does; what it carried by then was the whole answer.
      co_return inspector_.finished() && read.failure->fault == retry::Fault::kTruncated ? StreamEnd::kWhole
                                                                                         : StreamEnd::kCut;
    }
  }
}

std::optional<StreamEnd> StreamRelay::TakeEvents() {
  size_t taken = 0;
  std::optional<StreamEnd> end;
  while (!end) {
    const std::string_view rest = received_.view().substr(taken);
    const auto length = splitter_.BlockLength(rest);
    if (!length) break;
    const std::string_view block = rest.substr(0, *length);
    taken += *length;
    switch (inspector_.Inspect(block)) {
      case StreamInspector::Action::kForward:
        outgoing_.append(block);
        break;
      case StreamInspector::Action::kWithhold:
        break;
      case StreamInspector::Action::kDone:
        done_event_ = block;
        end = StreamEnd::kWhole;
        break;
      case StreamInspector::Action::kError:
        outgoing_.append(block);
        end = StreamEnd::kErrorEvent;
        break;
    }
  }
  received_.Consume(taken);
  return end;
}

StreamEnd StreamRelay::EndOfMessage() {
  // A [DONE] that lacks its empty line is one all the same.
  if (received_.size() > 0 && inspector_.Inspect(received_.view()) == StreamInspector::Action::kDone) {
    return StreamEnd::kWhole;
  }
  if (inspector_.finished()) return StreamEnd::kWhole;
  cut_reason_ = "the stream ended without [DONE] and without a finish_reason";
  return StreamEnd::kCut;
}

StreamEnd StreamRelay::Interrupted() const {
  switch (call_.interrupt.reason()) {
    case InterruptReason::kStreamIdle:
      return StreamEnd::kIdle;
    case InterruptReason::kClientGone:
      return StreamEnd::kClientGone;
    case InterruptReason::kShutdown:
      return StreamEnd::kShutdown;
    case InterruptReason::kNone:
    case InterruptReason::kConnectTimeout:
    case InterruptReason::kAttemptTimeout:
    case InterruptReason::kDeadline:
      break;
  }
  return StreamEnd::kFirstTimeout;
}

Task<> StreamRelay::Send(std::string_view bytes) {
  const std::string size = chunked_ ? fmt::format("{:x}\r\n", bytes.size()) : "";
  const std::string_view end = chunked_ ? "\r\n" : "";
  std::array<asio::const_buffer, 3> buffers = {asio::buffer(size),
                                               asio::const_buffer(bytes.data(), bytes.size()),
                                               asio::const_buffer(end.data(), end.size())};
  if (co_await call_.client.Write(buffers)) write_failed_ = true;
}

Task<> StreamRelay::Finish(std::string_view comment) {
  std::string last = fmt::format(": {}\n\n{}", comment, done_event_);
  if (chunked_) {
    last = fmt::format("{:x}\r\n{}\r\n0\r\n\r\n", last.size(), last);
  }
  if (co_await call_.client.Write(last)) write_failed_ = true;
}

Task<> StreamRelay::Break(const std::string& error_json) {
  const std::string event = fmt::format("data: {}\n\n", error_json);
  co_await Send(event);
}

}  // namespace arbstr::proxy
