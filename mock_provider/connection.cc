#include "mock_provider/connection.h"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <utility>

#include "mock_provider/error_bodies.h"
#include "mock_provider/http_answer.h"
#include "mock_provider/rate_limiter.h"
#include "mock_provider/respond.h"
#include "mock_provider/socket_close.h"
#include "mock_provider/upstream_relay.h"

namespace mock_provider {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr auto kUseTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kMaxReadAhead = 64 << 10;

double UnixMs() {
  return std::chrono::duration<double, std::milli>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

bool EndsConnection(const WireOp& op) {
  return op.kind == WireOp::Kind::kClose || op.kind == WireOp::Kind::kAbort;
}

}  // namespace

Connection::Connection(asio::ip::tcp::socket socket, MockState& state, std::shared_ptr<ProviderHost> host,
                       std::uint64_t id)
    : transport_(std::move(socket), host->tls),
      state_(state),
      host_(std::move(host)),
      id_(id),
      gate_(transport_.get_executor()) {
  error_code ignored;
  transport_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  transport_.socket().non_blocking(true, ignored);
}

asio::awaitable<void> Connection::Serve() {
  if (host_->provider.tls && !co_await Greet()) {
    CloseGracefully(transport_.socket());
    co_return;
  }
  while (!stopped_) {
    Intake intake = co_await ReadRequest(transport_, buffer_);
    if (intake.outcome == Intake::Outcome::kRefused) co_await Refuse(intake);
    if (intake.outcome != Intake::Outcome::kRequest) break;
    answering_ = true;
    const bool open = co_await Answer(std::move(intake.request));
    answering_ = false;
    if (!open) break;
  }
  co_await transport_.CloseGracefully();
}

// Whether the client has come to terms with the provider's TLS.
asio::awaitable<bool> Connection::Greet() {
  switch (host_->provider.tls->handshake) {
    case Tls::Handshake::kNormal: {
      if (!transport_.IsTls()) co_return false;  // accepted before the scenario changed
      const error_code error = co_await transport_.AcceptTls();
      co_return !error;
    }
    case Tls::Handshake::kHang:
      co_await Ignore();
      co_return false;
    case Tls::Handshake::kClose:
      co_await transport_.socket().async_wait(asio::ip::tcp::socket::wait_read, kUseTuple);
      co_return false;
  }
  co_return false;
}

// Takes what the client says, and says nothing, until it leaves.
asio::awaitable<void> Connection::Ignore() {
  std::array<char, 512> unread;
  while (!stopped_) {
    const auto [error, bytes] = co_await transport_.socket().async_read_some(asio::buffer(unread), kUseTuple);
    if (error) break;
  }
}

void Connection::Stop() {
  stopped_ = true;
  Leave();
  error_code ignored;
  transport_.socket().cancel(ignored);
}

asio::awaitable<bool> Connection::Answer(HttpRequest request) {
  const double now = state_.clock.NowMs();
  timeline_ = state_.clock.Now();
  const RequestPlace place{.seed = host_->seed,
                           .seq = state_.journal.NextSeq(),
                           .connection = id_,
                           .now_ms = now,
                           .line_ms = timeline_.ms,
                           .unix_ms = UnixMs()};
  // Kept: a new scenario brings a limiter of its own.
  const std::shared_ptr<RateLimiter> limiter = host_->limiter;
  Response response = Respond(host_->provider, host_->rules, *limiter, request, place);
  HttpRequest asked;
  if (response.upstream) asked = request;
  JournalEntry entry;
  entry.provider = host_->provider.name;
  entry.dialect = host_->provider.dialect;
  entry.connection = id_;
  entry.arrival_ms = now;
  entry.method = std::move(request.method);
  entry.target = std::move(request.target);
  entry.model = std::move(response.model);
  entry.stream = response.stream;
  entry.rule = std::move(response.rule);
  entry.step = response.step;
  entry.n = response.n;
  entry.draw = response.draw;
  entry.action = std::move(response.action);
  entry.status = response.status;
  entry.retry_after_ms = response.retry_after_ms;
  entry.broken = response.broken;
  entry.headers = std::move(request.headers);
  entry.body = std::move(request.body);
  const Journal::Ticket ticket = state_.journal.Append(std::move(entry));
  bool open = false;
  if (response.upstream) {
    open = co_await Relay(asked, *response.upstream, ticket);
  } else {
    open = co_await Play(response.plan, true, ticket);
  }
  if (response.admitted) limiter->Leave();
  co_return open;
}

asio::awaitable<bool> Connection::Play(const WirePlan& plan, bool last, const Journal::Ticket& ticket) {
  const auto& ops = plan.ops();
  for (std::size_t i = 0; i < ops.size(); ++i) {
    const WireOp& op = ops[i];
    const WireOp* const next = i + 1 < ops.size() ? &ops[i + 1] : nullptr;
    const bool closes = next && EndsConnection(*next);
    const bool ends = closes || (last && !next);
    bool going = true;
    switch (op.kind) {
      case WireOp::Kind::kWrite:
        going = co_await Write(op, ends, closes, ticket);
        break;
      case WireOp::Kind::kPause:
        going = co_await Pause(op.ms);
        break;
      case WireOp::Kind::kSettle:
        co_await Settle(op.ms);
        break;
      case WireOp::Kind::kClose:
      case WireOp::Kind::kAbort:
        co_await Finish(op, ticket);
        co_return false;
    }
    if (!going || stopped_) {
      EndEntry(ticket);
      co_return false;
    }
  }
  co_return true;
}

// The entry is brought to its end before the last byte leaves: who has read the whole answer finds it
// complete.
asio::awaitable<bool> Connection::Write(const WireOp& op, bool ends, bool closes,
                                        const Journal::Ticket& ticket) {
  const double now = state_.clock.NowMs();
  state_.journal.Update(ticket, [&](JournalEntry& entry) {
    NoteSilence(entry, now);
    if (!entry.first_byte_ms) entry.first_byte_ms = now;
    entry.last_byte_ms = now;
    entry.bytes += op.bytes.size();
    if (!ends) return;
    entry.end_ms = now;
    if (closes) entry.closed_by = ClosedBy::kServer;
  });
  writing_ = true;
  const auto [error, written] = co_await asio::async_write(transport_, asio::buffer(op.bytes), kUseTuple);
  writing_ = false;
  if (!error) co_return true;
  const std::size_t unsent = op.bytes.size() - written;
  state_.journal.Update(ticket, [&](JournalEntry& entry) { entry.bytes -= unsent; });
  co_return false;
}

// The connection and the entry that an answer from a real provider goes to.
class Connection::Sink : public RelaySink {
 public:
  Sink(Connection& connection, const Journal::Ticket& ticket) : connection_(connection), ticket_(ticket) {}

  asio::awaitable<bool> Play(const WirePlan& plan, bool last) override {
    // The provider's time is real time: what the scenario adds begins when its bytes are there.
    connection_.timeline_ = std::max(connection_.timeline_, connection_.state_.clock.Now());
    const bool going = co_await connection_.Play(plan, last, ticket_);
    connection_.WatchInput();
    co_return going && !connection_.gone_;
  }

  void NoteHead(int status, std::optional<std::int64_t> retry_after_ms) override {
    connection_.state_.journal.Update(ticket_, [&](JournalEntry& entry) {
      entry.status = status;
      entry.retry_after_ms = retry_after_ms;
    });
  }

  void NoteAction(std::shared_ptr<const Action> action) override {
    connection_.state_.journal.Update(ticket_,
                                      [&](JournalEntry& entry) { entry.action = std::move(action); });
  }

 private:
  Connection& connection_;
  const Journal::Ticket ticket_;
};

asio::awaitable<bool> Connection::Relay(const HttpRequest& request, PendingUpstream& pending,
                                        const Journal::Ticket& ticket) {
  call_ = std::make_unique<UpstreamCall>(transport_.get_executor(), host_->upstream);
  Sink sink(*this, ticket);
  const bool open = co_await RelayUpstream(*call_, request, pending, sink);
  call_.reset();
  // Left while the provider was asked: no write has noticed.
  if (gone_ || stopped_) EndEntry(ticket);
  co_return open && !gone_ && !stopped_;
}

asio::awaitable<bool> Connection::Pause(double ms) {
  timeline_.ms += ms;
  bool due = false;
  const ScenarioClock::Ticket call = state_.clock.CallAt(timeline_, [&] {
    due = true;
    gate_.cancel();
  });
  WatchInput();
  while (!due && !gone_ && !stopped_) {
    gate_.expires_at(asio::steady_timer::time_point::max());
    co_await gate_.async_wait(kUseTuple);
  }
  state_.clock.Cancel(call);
  co_return due;
}

asio::awaitable<void> Connection::Settle(double ms) {
  asio::steady_timer timer(transport_.get_executor());
  timer.expires_after(std::chrono::microseconds(static_cast<std::int64_t>(ms * 1000)));
  co_await timer.async_wait(kUseTuple);
}

void Connection::WatchInput() {
  if (watching_ || gone_) return;
  watching_ = true;
  transport_.socket().async_wait(asio::ip::tcp::socket::wait_read,
                                 [self = shared_from_this()](const error_code& error) {
                                   self->watching_ = false;
                                   // Between answers the next request's read finds out for itself, and under
                                   // TLS a read may not come between the pieces of a write; the next pause
                                   // watches again.
                                   if (!error && self->answering_ && !self->writing_) self->ReadAhead();
                                 });
}

// A closed connection shows only behind what the client sent before it closed, so that has to be taken in.
void Connection::ReadAhead() {
  error_code error;
  const std::size_t bytes = transport_.ReadArrived(buffer_.prepare(4096), error);
  buffer_.commit(bytes);
  if (!error || error == asio::error::would_block) {
    if (buffer_.size() < kMaxReadAhead) WatchInput();
    return;
  }
  gone_ = true;
  Leave();
}

// Ends the wait for the clock, or for a real provider.
void Connection::Leave() {
  gate_.cancel();
  if (call_) call_->Cancel();
}

asio::awaitable<void> Connection::Finish(const WireOp& op, const Journal::Ticket& ticket) {
  const double now = state_.clock.NowMs();
  state_.journal.Update(ticket, [&](JournalEntry& entry) {
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

void Connection::EndEntry(const Journal::Ticket& ticket) {
  const double now = state_.clock.NowMs();
  const ClosedBy by = stopped_ ? ClosedBy::kServer : ClosedBy::kClient;
  state_.journal.Update(ticket, [&](JournalEntry& entry) {
    NoteSilence(entry, now);
    entry.end_ms = now;
    entry.closed_by = by;
  });
}

asio::awaitable<void> Connection::Refuse(const Intake& intake) {
  HttpAnswer answer = MakeRefusal(host_->provider.dialect, intake.status, intake.why, "");
  answer.keep_alive = false;
  const std::string bytes = HeadWithLength(answer) + answer.body;
  co_await asio::async_write(transport_, asio::buffer(bytes), kUseTuple);
  co_await transport_.LingerAndDrain();
}

}  // namespace mock_provider
