#include "mock_provider/connection.h"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <utility>

#include "mock_provider/answer/broken_answer.h"
#include "mock_provider/answer/error_answer.h"
#include "mock_provider/http/event_splitter.h"
#include "mock_provider/http/http_answer.h"
#include "mock_provider/http/socket_close.h"
#include "mock_provider/respond.h"
#include "mock_provider/rules/rate_limiter.h"
#include "mock_provider/scenario/event_stream_reply.h"
#include "mock_provider/upstream/upstream_relay.h"

namespace mock_provider {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr auto kUseTuple = asio::as_tuple(asio::use_awaitable);

// How many frames the answer of a real provider has; nullopt too where nothing is to happen at any of them.
std::optional<int> RecordedFrames(const Action& recorded) {
  if (!recorded.frames || !recorded.reply || !recorded.reply->body) return std::nullopt;
  if (!IsEventStream(*recorded.reply)) return std::nullopt;
  return static_cast<int>(SplitEvents(*recorded.reply->body).size());
}

// Its place among those that a limit of concurrency counts, until it ends, however that is.
class CountedRequest {
 public:
  explicit CountedRequest(std::shared_ptr<RateLimiter> admitted_by) : admitted_by_(std::move(admitted_by)) {}
  ~CountedRequest() {
    if (admitted_by_) admitted_by_->Leave();
  }
  CountedRequest(const CountedRequest&) = delete;
  CountedRequest& operator=(const CountedRequest&) = delete;

 private:
  const std::shared_ptr<RateLimiter> admitted_by_;
};

double NowUnixMs() {
  return std::chrono::duration<double, std::milli>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// The connection and the entry that an answer from a real provider goes to.
class RelayedAnswer : public RelaySink {
 public:
  RelayedAnswer(AnswerPlayer& player, Journal& journal, const Journal::Ticket& ticket)
      : player_(player), journal_(journal), ticket_(ticket) {}

  asio::awaitable<bool> Play(const WirePlan& plan) override {
    // The provider's time is real time: what the scenario adds begins when its bytes are there.
    player_.CatchUp();
    const bool going = co_await player_.Play(plan);
    player_.Watch();
    co_return going && !player_.Left();
  }

  double UnixMs() const override { return NowUnixMs(); }

  void NoteHead(const SentHead& head) override {
    journal_.Update(ticket_, [&](JournalEntry& entry) {
      entry.status = head.status;
      entry.retry_after_ms = head.retry_after_ms;
      entry.should_retry = head.should_retry;
    });
  }

  void NoteAction(std::shared_ptr<const Action> action) override {
    journal_.Update(ticket_, [&](JournalEntry& entry) {
      if (action) entry.broken = Breaks(*action, RecordedFrames(*action));
      entry.action = std::move(action);
    });
  }

  void NoteSoFar(std::shared_ptr<const Action> action) override {
    journal_.Update(ticket_, [&](JournalEntry& entry) { entry.action = std::move(action); });
  }

  void NoteBroken() override {
    journal_.UpdateNumbers(ticket_, [](JournalEntry& entry) { entry.broken = true; });
  }

  bool Left() const override { return player_.Left(); }

 private:
  AnswerPlayer& player_;
  Journal& journal_;
  const Journal::Ticket ticket_;
};

}  // namespace

Connection::Connection(asio::ip::tcp::socket socket, MockState& state, std::shared_ptr<ProviderHost> host,
                       std::uint64_t id)
    : transport_(std::move(socket), host->tls),
      state_(state),
      host_(std::move(host)),
      id_(id),
      player_(transport_, buffer_, state_) {
  error_code ignored;
  transport_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  transport_.socket().non_blocking(true, ignored);
}

asio::awaitable<void> Connection::Serve() {
  if (host_->provider.tls && !co_await Handshake()) {
    CloseGracefully(transport_.socket());
    co_return;
  }
  while (!stopped_) {
    Intake intake = co_await ReadRequest(transport_, buffer_);
    if (intake.outcome == Intake::Outcome::kRefused) co_await Refuse(intake);
    if (intake.outcome != Intake::Outcome::kRequest) break;
    player_.Begin(weak_from_this());
    const bool open = co_await Answer(std::move(intake.request));
    player_.End();
    if (!open) break;
  }
  co_await transport_.CloseGracefully();
}

// Whether the client has come to terms with the provider's TLS.
asio::awaitable<bool> Connection::Handshake() {
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
      if (stopped_) co_return false;
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
  player_.Stop();
  transport_.Stop();
}

// In a function of its own: what a coroutine names stays in its frame for as long as a request hangs.
Journal::Ticket Connection::AppendToJournal(HttpRequest&& request, Response& response, double now_ms) {
  JournalEntry entry;
  entry.provider = host_->provider.name;
  entry.dialect = host_->provider.dialect;
  entry.connection = id_;
  entry.arrival_ms = now_ms;
  entry.method = std::move(request.method);
  entry.target = std::move(request.target);
  entry.model = std::move(response.model);
  entry.stream = response.stream;
  entry.relayed = response.upstream != nullptr;
  entry.hit = std::move(response.hit);
  entry.action = std::move(response.action);
  entry.status = response.head.status;
  entry.retry_after_ms = response.head.retry_after_ms;
  entry.should_retry = response.head.should_retry;
  entry.broken = response.broken;
  entry.headers = std::move(request.headers);
  entry.body = std::move(request.body);
  return state_.journal.Append(std::move(entry));
}

Connection::Planned Connection::Plan(HttpRequest&& request) {
  const ClockTime arrival = state_.clock.Now();
  const double now = state_.clock.MsAt(arrival);
  const RequestPlace place{.seed = host_->seed,
                           .seq = state_.journal.NextSeq(),
                           .connection = id_,
                           .now_ms = now,
                           .line_ms = arrival.ms,
                           .unix_ms = NowUnixMs()};
  Response response = Respond(host_->provider, host_->rules, *host_->limiter, request, place);
  Planned planned;
  planned.arrival = arrival;
  planned.plan = std::move(response.plan);
  if (response.admitted) planned.admitted_by = host_->limiter;
  if (response.upstream) planned.asked = std::make_unique<HttpRequest>(request);
  planned.ticket = AppendToJournal(std::move(request), response, now);
  planned.upstream = std::move(response.upstream);
  return planned;
}

asio::awaitable<bool> Connection::Answer(HttpRequest request) {
  Planned planned = Plan(std::move(request));
  const CountedRequest counted(std::move(planned.admitted_by));
  player_.Attach(planned.ticket, planned.arrival);
  if (planned.upstream) co_return co_await Relay(*planned.asked, *planned.upstream, planned.ticket);
  co_return co_await player_.Play(planned.plan);
}

asio::awaitable<bool> Connection::Relay(const HttpRequest& request, PendingUpstream& pending,
                                        const Journal::Ticket& ticket) {
  const auto call = std::make_shared<UpstreamCall>(transport_.get_executor(), host_->upstream);
  player_.OnLeave([call] { call->Cancel(); });
  RelayedAnswer answer(player_, state_.journal, ticket);
  const bool open = co_await RelayUpstream(*call, request, pending, answer);
  player_.OnLeave(nullptr);
  // Left while the provider was asked: no write has noticed.
  if (player_.Left()) player_.EndEntry();
  co_return open && !player_.Left();
}

asio::awaitable<void> Connection::Refuse(const Intake& intake) {
  state_.metrics.Refused(host_->provider.name, intake.status);
  HttpAnswer answer = MakeRefusal(host_->provider.dialect, intake.status, intake.why, "");
  answer.keep_alive = false;
  const std::string bytes = HeadWithLength(answer) + answer.body;
  co_await asio::async_write(transport_, asio::buffer(bytes), kUseTuple);
  co_await transport_.LingerAndDrain();
}

}  // namespace mock_provider
