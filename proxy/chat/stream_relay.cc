#include "proxy/chat/stream_relay.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "proxy/chat/completion.h"
#include "proxy/chat/mask_secrets.h"
#include "proxy/http/response.h"

namespace arbstr::proxy {
namespace {

// What follows the last finish_reason comes at once, and from some providers never.
constexpr std::chrono::seconds kTailTime{10};

// What an event lacks that its stream ended in.
std::string_view MissingEnd(std::string_view event) { return event.ends_with('\n') ? "\n" : "\n\n"; }

// What is read of a stream is taken out of its buffer event by event: only an event can fill that.
std::string CutReason(const UpstreamFailure& failure, size_t event_limit) {
  if (failure.fault != retry::Fault::kTooLarge) return failure.message;
  return fmt::format("an event of it is larger than {} bytes", event_limit);
}

}  // namespace

StreamRelay::StreamRelay(Worker& worker, const ChatCall& call, UpstreamExchange& exchange,
                         BodyBuffer&& received, bool forward_usage, uint64_t choices,
                         const std::vector<std::string>& secrets)
    : worker_(worker),
      call_(call),
      exchange_(exchange),
      secrets_(secrets),
      inspector_(forward_usage, ShapeOf(choices, exchange.response()), worker.json),
      received_(std::move(received)),
      chunked_(!call.head.http_1_0()) {}

Task<StreamEnd> StreamRelay::Run(const std::string& fields, Deadline& first_event,
                                 Admission::Permit& permit) {
  if (received_.size() > 0) OnFirstEvent(first_event);  // or 1 MiB, which counts as one
  bool message_done = false;
  // What came with the head counts, a failure too, and goes out with it: even a client that never reads is
  // owed its row.
  UpstreamResult read = exchange_.TakeReceived(received_, message_done);
  std::optional<StreamEnd> end = TakeReceived(message_done, first_event, permit);
  const Framing framing = chunked_ ? Framing::kChunked : Framing::kUntilClose;
  const bool close = !chunked_ || !call_.head.keep_alive();
  const std::string head =
      FormatHead(exchange_.response().status(), fields, call_.request_id, framing, 0, close);
  co_await SendOutgoing(head);

  Deadline idle(worker_.wheel, [&] { call_.interrupt.Fire(InterruptReason::kStreamIdle); });
  while (!end && !read.failure) {
    // First, since what interrupts the request also ends a write to a client that does not read.
    if (call_.interrupt.fired()) co_return Interrupted();
    if (write_failed_) co_return StreamEnd::kClientGone;
    if (first_event_at_) idle.Arm(NextEventDue());
    read = co_await exchange_.ReadSome(received_, message_done);
    idle.Disarm();
    end = TakeReceived(message_done, first_event, permit);
    co_await SendOutgoing();
  }
  if (end) co_return *end;
  cut_reason_ = CutReason(*read.failure, received_.limit());
  // The connection may go before the last chunk does; what it carried by then was the whole answer.
  const bool whole = inspector_.finished_all() && read.failure->fault == retry::Fault::kTruncated;
  if (whole) co_return StreamEnd::kWhole;
  co_return StreamEnd::kCut;
}

std::optional<StreamEnd> StreamRelay::TakeReceived(bool message_done, Deadline& first_event,
                                                   Admission::Permit& permit) {
  const bool had_begun = begun_;
  const size_t chunks_before = inspector_.chunks();
  std::optional<StreamEnd> end = TakeEvents();
  if (begun_ && !had_begun) permit.Begun(worker_.clock.Now());
  if (!end && message_done) end = EndOfMessage();
  if (inspector_.any_event() && !first_event_at_) OnFirstEvent(first_event);
  if (!inspector_.finished()) {
    wait_until_.reset();
  } else if (!wait_until_ || inspector_.chunks() > chunks_before) {
    wait_until_ = worker_.clock.Now() + TailTime();
  }
  return end;
}

// Where choices are missing, the next one may still be on its way, or the provider gives no more.
std::chrono::milliseconds StreamRelay::TailTime() const {
  if (inspector_.finished_all()) return kTailTime;
  return std::max<std::chrono::milliseconds>(kTailTime, call_.setup().retry.stream_idle);
}

std::chrono::steady_clock::time_point StreamRelay::NextEventDue() const {
  const auto silence = worker_.clock.Now() + call_.setup().retry.stream_idle;
  return wait_until_ ? std::min(*wait_until_, silence) : silence;
}

void StreamRelay::OnFirstEvent(Deadline& first_event) {
  first_event_at_ = worker_.clock.Now();
  first_event.Disarm();
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
    const StreamInspector::Action action = inspector_.Inspect(block);
    begun_ = begun_ || (inspector_.last_was_chunk() && action != StreamInspector::Action::kError);
    switch (action) {
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
        end = TakeError(block, "");
        break;
    }
  }
  const std::string_view rest = received_.view().substr(taken);
  if (!end && IsDoneWithoutItsEmptyLine(rest)) {
    done_event_ = std::string(rest) + (rest.ends_with("\r\n") ? "\r\n" : "\n");
    end = StreamEnd::kWhole;
  }
  received_.Consume(taken);
  return end;
}

StreamEnd StreamRelay::TakeError(std::string_view event, std::string_view missing_end) {
  if (event.size() > kMostErrorBytes) {
    cut_reason_ = fmt::format("its error event is larger than {} bytes", kMostErrorBytes);
    return StreamEnd::kCut;
  }
  outgoing_.append(MaskSecrets(std::string(event), secrets_)).append(missing_end);
  return StreamEnd::kErrorEvent;
}

// An event that lacks its empty line is one all the same, where it is a whole one.
StreamEnd StreamRelay::EndOfMessage() {
  const std::string_view last = received_.view();
  const auto action = last.empty() ? StreamInspector::Action::kWithhold : inspector_.Inspect(last);
  if (action == StreamInspector::Action::kDone) return StreamEnd::kWhole;
  if (action == StreamInspector::Action::kError) return TakeError(last, MissingEnd(last));
  const bool part = action == StreamInspector::Action::kForward && !inspector_.last_was_chunk();
  // Behind the last finish_reason half an event takes nothing from the answer; where reasons say nothing, it
  // may.
  if (inspector_.whole_at_end() && (!part || inspector_.finished())) {
    if (action == StreamInspector::Action::kForward && !part) outgoing_.append(last).append(MissingEnd(last));
    return StreamEnd::kWhole;
  }
  cut_reason_ = "the stream ended without an end marker and without every finish_reason";
  return StreamEnd::kCut;
}

StreamEnd StreamRelay::Interrupted() const {
  switch (call_.interrupt.reason()) {
    case InterruptReason::kStreamIdle:
      return inspector_.finished() ? StreamEnd::kWhole : StreamEnd::kIdle;
    case InterruptReason::kClientGone:
      return StreamEnd::kClientGone;
    case InterruptReason::kShutdown:
      return StreamEnd::kShutdown;
    case InterruptReason::kNone:
    case InterruptReason::kConnectTimeout:
    case InterruptReason::kErrorBodyTimeout:
    case InterruptReason::kAttemptTimeout:
    case InterruptReason::kDeadline:
      break;
  }
  return StreamEnd::kFirstTimeout;
}

Task<> StreamRelay::Send(std::string_view bytes, std::string_view head) {
  sent_bytes_ += bytes.size();
  kept_.append(bytes.substr(0, most_kept_ - kept_.size()));
  std::array<char, 20> size;
  const auto size_end = chunked_ && !bytes.empty()
                            ? fmt::format_to(size.data(), FMT_COMPILE("{:x}\r\n"), bytes.size())
                            : size.data();
  const std::string_view end = size_end != size.data() ? "\r\n" : "";
  std::array<asio::const_buffer, 4> buffers = {
      asio::const_buffer(head.data(), head.size()),
      asio::const_buffer(size.data(), static_cast<size_t>(size_end - size.data())),
      asio::const_buffer(bytes.data(), bytes.size()), asio::const_buffer(end.data(), end.size())};
  if (co_await call_.client.Write(buffers)) write_failed_ = true;
}

Task<> StreamRelay::SendOutgoing(std::string_view head) {
  if (outgoing_.empty() && head.empty()) co_return;
  co_await Send(outgoing_, head);
  outgoing_.clear();
}

Task<> StreamRelay::Finish(std::string_view comment) {
  std::string last = fmt::format(": {}\n\n{}", comment, done_event_);
  if (chunked_) {
    last = fmt::format("{:x}\r\n{}\r\n0\r\n\r\n", last.size(), last);
  }
  if (co_await call_.client.Write(last)) write_failed_ = true;
}

Task<> StreamRelay::Break(const std::string& error_json) {
  if (write_failed_) co_return;  // half of an event is out, and nothing can follow it
  const std::string event = fmt::format("data: {}\n\n", error_json);
  co_await Send(event);
}

}  // namespace arbstr::proxy
