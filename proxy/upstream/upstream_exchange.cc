#include "proxy/upstream/upstream_exchange.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <vector>

#include "proxy/http/interim.h"
#include "proxy/net/own_limit.h"
#include "proxy/net/write_all.h"
#include "proxy/upstream/early_answer.h"

namespace arbstr::proxy {
namespace {

using Clock = std::chrono::steady_clock;

// What is read with a response's head: a short answer is whole then. The rest of a longer one is read into
// its own place. What is waited for over TLS holds its buffer meanwhile.
constexpr size_t kFirstReadBytes = 4096 - BodyBuffer::kPadding;
constexpr size_t kTlsWaitBytes = 2048;
constexpr size_t kReadBytes = 8192;
constexpr size_t kHeadLimit = 65536;

UpstreamResult Interrupted() { return {true, nullptr}; }

UpstreamResult Failed(retry::Fault fault, std::string message) {
  return {false, std::make_unique<UpstreamFailure>(UpstreamFailure{fault, std::move(message)})};
}

UpstreamResult FailedConnect(const ConnectResult& result, Interrupt& interrupt,
                             std::chrono::milliseconds timeout) {
  switch (result.failure) {
    case ConnectFailure::kInterrupted:
      if (interrupt.reason() != InterruptReason::kConnectTimeout) return Interrupted();
      return Failed(retry::Fault::kConnectTimeout,
                    fmt::format("not connected within {} ms: {}", timeout.count(), result.message));
    case ConnectFailure::kTls:
      return Failed(retry::Fault::kTls, result.message);
    case ConnectFailure::kOwnLimit:
      return Failed(retry::Fault::kOwnLimit, result.message);
    case ConnectFailure::kNone:
    case ConnectFailure::kName:
    case ConnectFailure::kTcp:
      break;
  }
  return Failed(retry::Fault::kConnectFailed, result.message);
}

UpstreamResult Broken(const ErrorCode& error, std::string_view where) {
  if (error == asio::error::eof || error == asio::ssl::error::stream_truncated) {
    return Failed(retry::Fault::kClosed, fmt::format("the connection was closed {}", where));
  }
  return Failed(retry::Fault::kReset, fmt::format("the connection broke {}: {}", where, error.message()));
}

UpstreamResult BrokenBody(const ErrorCode& error, size_t got) {
  return Failed(retry::Fault::kTruncated,
                fmt::format("the response was cut after {} bytes of its body: {}", got, error.message()));
}

UpstreamResult TooLarge(size_t limit) {
  return Failed(retry::Fault::kTooLarge, fmt::format("the response is larger than {} bytes", limit));
}

UpstreamResult EndlessLine(size_t limit) {
  return Failed(retry::Fault::kUnreadable,
                fmt::format("the response has a chunk's head or a trailer of more than {} bytes", limit));
}

// Adds the time until its end to `total`.
class Stopwatch {
 public:
  Stopwatch(LoopClock clock, Clock::duration& total) : clock_(clock), total_(total), begun_(clock.Now()) {}
  ~Stopwatch() { total_ += elapsed(); }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;
  Clock::duration elapsed() const { return clock_.Now() - begun_; }

 private:
  const LoopClock clock_;
  Clock::duration& total_;
  const Clock::time_point begun_;
};

}  // namespace

Task<UpstreamResult> UpstreamExchange::Begin(const UpstreamRequest& request) {
  begun_ = clock_.Now();
  connection_ = pool_.Take(upstream_);
  for (bool pooled = connection_ != nullptr;; pooled = false) {
    UpstreamResult result;
    if (!pooled) result = co_await OpenConnection();
    if (!result.ok()) co_return result;
    const ErrorCode send_error = co_await Send(request);
    // A provider may refuse a large body before it has read all of it: its answer is worth more than our
    // broken pipe.
    if (interrupt_.fired()) co_return Interrupted();
    if (IsOwnLimit(send_error)) co_return Failed(retry::Fault::kOwnLimit, OwnLimitText(send_error));
    result = co_await ReadHead(send_error);
    if (!pooled || result.ok() || result.interrupted || times_.first_byte) co_return result;
  }
}

Task<UpstreamResult> UpstreamExchange::OpenConnection() {
  const Stopwatch waiting(clock_, times_.waited);
  auto connected = co_await connector_.Connect(upstream_.target, connect_timeout_, interrupt_);
  // A connection to another provider that lies idle has what this one lacks.
  while (connected.failure == ConnectFailure::kOwnLimit && !interrupt_.fired() && pool_.CloseOldest()) {
    connected = co_await connector_.Connect(upstream_.target, connect_timeout_, interrupt_);
  }
  if (!connected.stream) co_return FailedConnect(connected, interrupt_, connect_timeout_);
  times_.connect = waiting.elapsed();
  connection_ = std::make_unique<UpstreamConnection>(
      UpstreamConnection{std::move(connected.stream), BodyBuffer(kHeadLimit + kReadBytes)});
  connection_->opened = clock_.Now();
  co_return UpstreamResult();
}

Task<ErrorCode> UpstreamExchange::Send(const UpstreamRequest& request) {
  size_t length = 0;
  for (const std::string_view piece : request.body) length += piece.size();
  std::array<char, 48> last_field;
  const auto last_field_end =
      fmt::format_to(last_field.data(), FMT_COMPILE("content-length: {}\r\n\r\n"), length);
  std::array<asio::const_buffer, 3 + kMaxBodyPieces> buffers;
  size_t used = 0;
  const auto add = [&](std::string_view piece) {
    buffers.at(used++) = asio::const_buffer(piece.data(), piece.size());
  };
  add(upstream_.head);
  add(request.fields);
  add({last_field.data(), static_cast<size_t>(last_field_end - last_field.data())});
  for (const std::string_view piece : request.body) add(piece);
  const Stopwatch waiting(clock_, times_.waited);
  EarlyAnswer early(*connection_->stream, connection_->input, interrupt_);
  const ErrorCode error = co_await WriteAll(*connection_->stream, std::span(buffers.data(), used), &early);
  sent_ = !error;
  OnRead(0);  // what came meanwhile is in the input already
  if (early.came() && !interrupt_.fired()) co_return ErrorCode();
  co_return error;
}

Task<UpstreamResult> UpstreamExchange::ReadHead(ErrorCode send_error) {
  BodyBuffer& input = connection_->input;
  response_.reset();
  for (int interim = 0;;) {
    // Until something has come there is no parser: a provider that takes long is waited for without one.
    if (input.size() == 0 || response_) {
      const ErrorCode error = co_await Read();
      if (interrupt_.fired()) co_return Interrupted();
      if (error) co_return Broken(send_error ? send_error : error, "before the response's head was complete");
    }
    if (!response_) response_.emplace(kHeadLimit);
    const ParseStep step = response_->PutHead(input.view());
    input.Consume(step.consumed);
    if (step.status == ParseStatus::kBad) {
      co_return Failed(retry::Fault::kUnreadable, "the response is not HTTP: " + response_->error_text());
    }
    if (step.status == ParseStatus::kNeedMore) continue;
    const int status = response_->status();
    if (status >= 200 && status <= 599) co_return UpstreamResult();
    if (!IsInterim(status) || ++interim > kMaxInterimResponses) {
      co_return Failed(retry::Fault::kUnreadable,
                       fmt::format("the response has an unexpected status {}", status));
    }
    response_.reset();
  }
}

Task<ErrorCode> UpstreamExchange::Read() {
  // Only a chunk's head or a trailer without an end gets here: the parser takes everything else as it comes.
  if (connection_->input.size() >= connection_->input.limit()) co_return asio::error::message_size;
  const Stopwatch waiting(clock_, times_.waited);
  ByteStream& stream = *connection_->stream;
  if (times_.first_byte || !stream.plain()) {
    const std::span<char> room = connection_->input.Prepare(times_.first_byte ? kReadBytes : kTlsWaitBytes);
    const auto [error, bytes] =
        co_await stream.async_read_some(asio::buffer(room.data(), room.size()), kUseTask);
    OnRead(bytes);
    co_return error;
  }
  while (true) {  // for a provider to answer takes long: no buffer waits with it
    auto [error] = co_await stream.AsyncWaitReadable(kUseTask);
    if (error) co_return error;
    OnRead(stream.ReadNow(connection_->input.Prepare(kFirstReadBytes), error));
    if (error != asio::error::would_block) co_return error;
  }
}

void UpstreamExchange::OnRead(size_t bytes) {
  connection_->input.Commit(bytes);
  if (connection_->input.size() > 0 && !times_.first_byte) times_.first_byte = clock_.Now() - begun_;
}

Task<UpstreamResult> UpstreamExchange::ReadBody(BodyBuffer& body) {
  if (const auto length = response_->content_length(); length && !response_->body_done()) {
    return ReadExactBody(*length, body);
  }
  return ReadToEnd(body);
}

Task<UpstreamResult> UpstreamExchange::ReadToEnd(BodyBuffer& body) {
  for (bool done = false; !done;) {
    UpstreamResult result = co_await ReadSome(body, done);
    if (!result.ok()) co_return result;
  }
  co_return UpstreamResult();
}

Task<UpstreamResult> UpstreamExchange::ReadExactBody(uint64_t length, BodyBuffer& body) {
  if (length > body.limit()) co_return TooLarge(body.limit());
  body.Reserve(length);
  const std::string_view early = connection_->input.view().substr(0, length);
  body.Append(early);
  connection_->input.Consume(early.size());
  complete_ = body.size() == length;
  if (complete_) co_return UpstreamResult();
  const Stopwatch waiting(clock_, times_.waited);
  while (body.size() < length) {
    const std::span<char> room = body.Prepare(length - body.size());
    const auto [error, bytes] =
        co_await connection_->stream->async_read_some(asio::buffer(room.data(), room.size()), kUseTask);
    body.Commit(bytes);
    if (interrupt_.fired()) co_return Interrupted();
    if (error) co_return BrokenBody(error, body.size());
  }
  complete_ = true;
  co_return UpstreamResult();
}

UpstreamResult UpstreamExchange::TakeReceived(BodyBuffer& body, bool& done) {
  const size_t before = body.size();
  const ParseStep step = response_->PutBody(connection_->input.view(), body);
  connection_->input.Consume(step.consumed);
  if (step.status == ParseStatus::kBad) {
    if (response_->error() == ParseError::kBodyTooLarge) return TooLarge(body.limit());
    return Failed(retry::Fault::kUnreadable, "the response's body is not HTTP: " + response_->error_text());
  }
  body_bytes_ += body.size() - before;
  complete_ = step.status == ParseStatus::kDone;
  done = complete_ || closed_;
  return UpstreamResult();
}

Task<UpstreamResult> UpstreamExchange::ReadSome(BodyBuffer& body, bool& done) {
  while (true) {
    const size_t before = body.size();
    UpstreamResult taken = TakeReceived(body, done);
    if (!taken.ok() || done || body.size() > before) co_return taken;
    const ErrorCode error = co_await Read();
    if (interrupt_.fired()) co_return Interrupted();
    // A close that TLS did not announce (RFC 8446 §6.1) cannot end a body: an attacker could have cut it.
    if (error == asio::error::eof && connection_->input.size() == 0 &&
        response_->PutEof() == ParseStatus::kDone) {
      done = closed_ = true;
      co_return UpstreamResult();
    }
    if (error == asio::error::message_size) co_return EndlessLine(connection_->input.limit());
    if (error) co_return BrokenBody(error, body_bytes_);
  }
}

void UpstreamExchange::Finish() {
  const bool reusable = sent_ && response_->keep_alive() && !interrupt_.fired();
  if (reusable && complete_ && connection_->input.size() == 0) {
    pool_.Put(upstream_, std::move(connection_));
  } else if (reusable && !complete_) {
    connection_->rest = std::move(response_);
    pool_.PutUnfinished(upstream_, std::move(connection_));
  }
  connection_.reset();
}

}  // namespace arbstr::proxy
