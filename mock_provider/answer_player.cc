#include "mock_provider/answer_player.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <utility>

namespace mock_provider {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr auto kUseTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kMaxReadAhead = 64 << 10;

}  // namespace

AnswerPlayer::AnswerPlayer(Transport& transport, boost::beast::flat_buffer& buffer, MockState& state)
    : transport_(transport), buffer_(buffer), state_(state), gate_(transport.get_executor()) {}

void AnswerPlayer::Begin(std::weak_ptr<void> owner) {
  owner_ = std::move(owner);
  answering_ = true;
  ended_ = false;
}

void AnswerPlayer::Attach(const Journal::Ticket& ticket, ClockTime arrival) {
  ticket_ = ticket;
  timeline_ = arrival;
}

void AnswerPlayer::End() { answering_ = false; }

void AnswerPlayer::Stop() {
  stopped_ = true;
  Leave();
}

void AnswerPlayer::CatchUp() { timeline_ = std::max(timeline_, state_.clock.Now()); }

asio::awaitable<bool> AnswerPlayer::Play(const WirePlan& plan) {
  const auto& ops = plan.ops();
  bool sent_whole = false;
  for (std::size_t i = 0; i < ops.size(); ++i) {
    const WireOp& op = ops[i];
    const WireOp* const next = i + 1 < ops.size() ? &ops[i + 1] : nullptr;
    const bool closes = next && EndsConnection(*next);
    const bool ends = closes || op.completes;
    const bool after_pause = i > 0 && ops[i - 1].kind == WireOp::Kind::kPause;
    const WritePlace place{.ends = ends, .closes = closes, .after_pause = after_pause};
    bool going = true;
    switch (op.kind) {
      case WireOp::Kind::kWrite:
        going = co_await Write(op, place);
        sent_whole = ends;
        break;
      case WireOp::Kind::kPause:
        ended_ = ended_ || sent_whole;  // what is waited for then is no part of the answer
        going = co_await Pause(op.ms);
        break;
      case WireOp::Kind::kSettle:
        co_await Settle(op.ms);
        break;
      case WireOp::Kind::kClose:
      case WireOp::Kind::kAbort:
        co_await Finish(op);
        co_return false;
    }
    if (!going || stopped_) {
      EndEntry(going && ends);
      co_return false;
    }
  }
  co_return true;
}

// The entry is brought to its end before the last byte leaves: who has read the whole answer finds it
// complete.
asio::awaitable<bool> AnswerPlayer::Write(const WireOp& op, const WritePlace& place) {
  const double now = state_.clock.NowMs();
  state_.journal.UpdateNumbers(ticket_, [&](JournalEntry& entry) {
    NoteSilence(entry, now);
    if (!entry.first_byte_ms) entry.first_byte_ms = now;
    entry.last_byte_ms = now;
    entry.bytes += op.bytes.size();
    if (!place.ends) return;
    entry.end_ms = now;
    if (place.closes) entry.closed_by = ClosedBy::kServer;
  });
  // Frames mostly fit at once, and the loop has just been left to others in the pause.
  asio::const_buffer left = asio::buffer(op.bytes);
  if (place.after_pause) left += transport_.WriteAtOnce(left);
  if (left.size() == 0) co_return true;
  writing_ = true;
  const auto [error, written] = co_await asio::async_write(transport_, left, kUseTuple);
  writing_ = false;
  if (!error) co_return true;
  gone_ = true;
  const std::size_t unsent = left.size() - written;
  state_.journal.UpdateNumbers(ticket_, [&](JournalEntry& entry) { entry.bytes -= unsent; });
  co_return false;
}

asio::awaitable<bool> AnswerPlayer::Pause(double ms) {
  timeline_.ms += ms;
  bool due = false;
  const ScenarioClock::Ticket call = state_.clock.CallAt(timeline_, [&] {
    due = true;
    gate_.cancel();
  });
  Watch();
  while (!due && !gone_ && !stopped_) {
    gate_.expires_at(asio::steady_timer::time_point::max());
    co_await gate_.async_wait(kUseTuple);
  }
  state_.clock.Cancel(call);
  co_return due;
}

asio::awaitable<void> AnswerPlayer::Settle(double ms) {
  asio::steady_timer timer(transport_.get_executor());
  timer.expires_after(std::chrono::microseconds(static_cast<std::int64_t>(ms * 1000)));
  co_await timer.async_wait(kUseTuple);
}

void AnswerPlayer::Watch() {
  if (watching_ || gone_) return;
  watching_ = true;
  transport_.socket().async_wait(asio::ip::tcp::socket::wait_read,
                                 [this, owner = owner_.lock()](const error_code& error) {
                                   watching_ = false;
                                   // Between answers the next request's read finds out for itself, and under
                                   // TLS a read may not come between the pieces of a write; the next pause
                                   // watches again.
                                   if (!error && answering_ && !writing_) ReadAhead();
                                 });
}

// A closed connection shows only behind what the client sent before it closed, so that has to be taken in.
void AnswerPlayer::ReadAhead() {
  error_code error;
  const std::size_t bytes = transport_.ReadArrived(buffer_.prepare(4096), error);
  buffer_.commit(bytes);
  if (!error || error == asio::error::would_block) {
    if (buffer_.size() < kMaxReadAhead) Watch();
    return;
  }
  gone_ = true;
  Leave();
}

// Ends the wait for the clock, or for a real provider.
void AnswerPlayer::Leave() {
  gate_.cancel();
  if (on_leave_) on_leave_();
}

asio::awaitable<void> AnswerPlayer::Finish(const WireOp& op) {
  ended_ = true;
  const double now = state_.clock.NowMs();
  state_.journal.UpdateNumbers(ticket_, [&](JournalEntry& entry) {
    if (!entry.end_ms) NoteSilence(entry, now);
    if (!entry.end_ms) entry.end_ms = now;
    entry.closed_by = ClosedBy::kServer;
  });
  if (op.kind == WireOp::Kind::kAbort) {
    transport_.CloseAbruptly();
  } else {
    co_await transport_.CloseGracefully();
  }
}

void AnswerPlayer::EndEntry(bool whole) {
  if (std::exchange(ended_, true)) return;
  const double now = state_.clock.NowMs();
  const ClosedBy by = stopped_ ? ClosedBy::kServer : ClosedBy::kClient;
  state_.journal.UpdateNumbers(ticket_, [&](JournalEntry& entry) {
    NoteSilence(entry, now);
    entry.end_ms = now;
    entry.closed_by = by;
    if (by == ClosedBy::kServer && !whole) entry.broken = true;
    if (entry.bytes > 0) return;
    entry.status = 0;
    entry.retry_after_ms.reset();
    entry.should_retry.reset();
  });
}

}  // namespace mock_provider
