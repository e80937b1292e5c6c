#include "mock_provider/upstream/upstream_relay.h"

#include <string>
#include <utility>

#include "mock_provider/answer/answer_plan.h"
#include "mock_provider/answer/error_answer.h"
#include "mock_provider/answer/played_action.h"
#include "mock_provider/http/event_splitter.h"
#include "mock_provider/http/http_answer.h"
#include "mock_provider/upstream/relay_judge.h"
#include "mock_provider/upstream/relay_record.h"
#include "mock_provider/upstream/relay_writer.h"

namespace mock_provider {
namespace {

namespace asio = boost::asio;

Provider OnlyDialect(Dialect dialect) {
  Provider provider;
  provider.dialect = dialect;
  return provider;
}

HttpAnswer AnswerOf(const UpstreamHead& head, const PendingUpstream& pending) {
  HttpAnswer answer;
  answer.status = head.status;
  answer.headers = head.headers;
  answer.http10 = pending.http10;
  answer.keep_alive = pending.keep_alive;
  for (const auto& [name, value] : pending.headers) answer.SetHeader(name, value);
  return answer;
}

const ErrorAnswer kBadGateway = {.kind = ErrorKind::kStatus, .status = 502, .retry_after_ms = {}};

PlannedAnswer BadGateway(const absl::Status& why, PendingUpstream& pending) {
  HttpAnswer answer = MakeErrorAnswer(pending.dialect, kBadGateway, pending.errors);
  std::string reason(why.message());
  for (char& c : reason) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  answer.SetHeader("x-mock-upstream-error", reason);
  answer.http10 = pending.http10;
  answer.keep_alive = pending.keep_alive;
  return PlanAnswer(answer, {}, OnlyDialect(pending.dialect), pending.errors, pending.draws);
}

asio::awaitable<bool> Fail(absl::Status why, PendingUpstream& pending, RelaySink& sink) {
  const PlannedAnswer planned = BadGateway(why, pending);
  sink.NoteHead(planned.head);
  sink.NoteAction(ErrorAction(kBadGateway));
  co_return co_await sink.Play(planned.plan);
}

// As the client is told it. Some answers have no body, and must not be framed as if they had.
RelayWriter::Body BodyOf(const UpstreamHead& head, const HttpRequest& request) {
  if (request.method == "HEAD") return {.events = false, .length = head.length.value_or(0), .none = true};
  if (HasNoBody(head.status)) return {.events = false, .length = 0, .none = true};
  return {.events = head.events, .length = head.events ? std::nullopt : head.length, .none = false};
}

// The client left before the provider had said anything.
std::shared_ptr<const Action> SilentAction(const Action& played) {
  Action action = played;
  action.hang = Hang{};
  return std::make_shared<const Action>(std::move(action));
}

StreamScript ScriptOf(const PendingUpstream& pending) {
  StreamScript script;
  script.frames = pending.action->frames.value_or(Frames{});
  if (pending.action->hang && pending.action->hang->at == Hang::At::kFrame)
    script.hang = pending.action->hang;
  const Dialect dialect = pending.dialect;
  script.error_event = [dialect, errors = pending.errors](const ErrorAnswer& error) {
    return MakeErrorEvent(dialect, error, errors);
  };
  return script;
}

// What comes before anything is asked: the delay, and a silence before the head.
WirePlan Prelude(const Action& action) {
  WirePlan plan;
  if (action.delay_ms) plan.Pause(action.delay_ms->value);
  if (action.hang && action.hang->at == Hang::At::kBeforeHeaders) plan.Append(HangSteps(*action.hang));
  return plan;
}

// What is left to be played then.
std::shared_ptr<const Action> AfterPrelude(std::shared_ptr<const Action> action) {
  if (!action->hang || action->hang->at != Hang::At::kBeforeHeaders) return action;
  const auto rest = std::make_shared<Action>(*action);
  rest->hang.reset();
  return rest;
}

PlannedAnswer PlanWhole(const UpstreamHead& head, std::string body, PendingUpstream& pending) {
  HttpAnswer answer = AnswerOf(head, pending);
  if (head.events) answer.frames = SplitEvents(body);
  if (!answer.IsStream()) answer.body = std::move(body);
  Action action = *pending.action;
  action.delay_ms.reset();
  return PlanAnswer(answer, action, OnlyDialect(pending.dialect), pending.errors, pending.draws);
}

// An answer on its way from the provider to the client.
struct Relay {
  UpstreamCall& call;
  const HttpRequest& request;
  PendingUpstream& pending;
  RelaySink& sink;
  const UpstreamHead head;
  const std::shared_ptr<const Action> played;  // what the action does to it, without chance
};

// What the journal should know of an answer that came whole.
void NoteWhole(RelayRecord& record, const Relay& relay) {
  const bool broken = !record.too_large() && IsBrokenByItself(relay.request, relay.head, record.body());
  relay.sink.NoteAction(record.Take(RelayRecord::Ending::kWhole));
  if (broken) relay.sink.NoteBroken();
}

// The whole answer first, then what the action makes of it.
asio::awaitable<bool> RelayWhole(const Relay& relay) {
  std::string body;
  while (true) {
    absl::StatusOr<std::string> piece = co_await relay.call.Read();
    absl::Status failed = piece.status();
    if (piece.ok() && piece->empty()) break;
    if (piece.ok()) body += *piece;
    if (body.size() > kMaxCollectedBody) failed = absl::OutOfRangeError("the answer is larger than 16 MiB");
    if (relay.sink.Left()) {
      relay.sink.NoteAction(SilentAction(*relay.played));
      co_return false;
    }
    if (!failed.ok()) co_return co_await Fail(std::move(failed), relay.pending, relay.sink);
  }
  RelayRecord record(relay.head, *relay.played);
  record.Add(body);
  relay.pending.errors.unix_ms = relay.sink.UnixMs();
  const PlannedAnswer planned = PlanWhole(relay.head, std::move(body), relay.pending);
  relay.sink.NoteHead(planned.head);
  NoteWhole(record, relay);
  co_return co_await relay.sink.Play(planned.plan);
}

// Each piece as it comes.
asio::awaitable<bool> RelayPieces(const Relay& relay) {
  using Ending = RelayRecord::Ending;
  RelaySink& sink = relay.sink;
  const RelayWriter::Body body = BodyOf(relay.head, relay.request);
  const StreamScript script = ScriptOf(relay.pending);
  const HttpAnswer answer = AnswerOf(relay.head, relay.pending);
  RelayRecord record(relay.head, *relay.played);
  RelayWriter writer(answer, body, *relay.pending.action, script, relay.pending.draws);
  WirePlan steps = writer.Take();
  sink.NoteHead(ReadSentHead(steps, relay.pending.errors.unix_ms));
  if (writer.Finished() && body.Empty()) NoteWhole(record, relay);
  if (writer.Finished() && !body.Empty()) sink.NoteAction(record.Take(Ending::kCut));
  if (!writer.Finished()) sink.NoteSoFar(RelayRecord(relay.head, *relay.played).Take(Ending::kAbandoned));
  bool going = co_await sink.Play(steps);
  while (going && !writer.Finished()) {
    const absl::StatusOr<std::string> piece = co_await relay.call.Read();
    going = !sink.Left();
    if (!going) break;
    if (!piece.ok()) {
      writer.Cut();
    } else if (piece->empty()) {
      writer.End();
    } else {
      record.Add(*piece);
      writer.Add(*piece);
    }
    const bool last = writer.Finished();
    if (last && piece.ok()) NoteWhole(record, relay);
    if (last && !piece.ok()) sink.NoteAction(record.Take(Ending::kCut));
    steps = writer.Take();
    going = co_await sink.Play(steps);
  }
  if (!writer.Finished() && sink.Left()) sink.NoteAction(record.Take(Ending::kAbandoned));
  co_return going;
}

}  // namespace

asio::awaitable<bool> RelayUpstream(UpstreamCall& call, const HttpRequest& request, PendingUpstream& pending,
                                    RelaySink& sink) {
  const WirePlan prelude = Prelude(*pending.action);
  const std::shared_ptr<const Action> played = WithoutChance(pending.action);
  sink.NoteSoFar(SilentAction(*played));
  const bool going = co_await sink.Play(prelude);
  if (!going && sink.Left()) sink.NoteAction(SilentAction(*played));
  if (!going) co_return false;
  absl::StatusOr<UpstreamHead> head = co_await call.Ask(request);
  if (sink.Left()) {
    sink.NoteAction(SilentAction(*played));
    co_return false;
  }
  if (!head.ok()) {
    absl::Status failed = head.status();
    co_return co_await Fail(std::move(failed), pending, sink);
  }
  pending.errors.unix_ms = sink.UnixMs();
  pending.action = AfterPrelude(std::move(pending.action));
  const Relay relay{call, request, pending, sink, *std::move(head), played};
  if (PlaysOnPieces(*pending.action)) co_return co_await RelayPieces(relay);
  co_return co_await RelayWhole(relay);
}

}  // namespace mock_provider
