#include "proxy/chat/chat_handler.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <charconv>
#include <cmath>
#include <memory>

#include "proxy/chat/answers.h"
#include "proxy/chat/chat_stream.h"
#include "proxy/chat/request_deadline.h"
#include "proxy/net/event.h"

namespace arbstr::proxy {
namespace {

using Clock = std::chrono::steady_clock;

// Temporaries that are braced inside a coroutine are destroyed twice by g++ 12: results are made by
// functions.
ChatResult Result(std::optional<Response> response, bool close) { return {std::move(response), close}; }

struct Watching {
  explicit Watching(const ChatCall& call) : client(call.client) {
    client.Watch([&call] { call.interrupt.Fire(InterruptReason::kClientGone); });
  }
  ~Watching() { client.Unwatch(); }
  ClientConnection& client;
};

// The state of one request while providers are asked.
struct Asking {
  Asking(Worker& w, const ChatCall& c, const ChatRequest& r, Evidence& e)
      : worker(w), call(c), request(r), evidence(e), last(w.gateway.config.server.max_response_bytes) {}

  Worker& worker;
  const ChatCall& call;
  const ChatRequest& request;
  Evidence& evidence;
  std::unique_ptr<UpstreamExchange> exchange;  // of the attempt made last
  AttemptResult last;
  uint32_t provider = 0;  // its position
};

router::Route DecideRoute(Worker& worker, const ChatCall& call, const ChatRequest& request) {
  router::Query query;
  query.model = request.model;
  query.policy = call.head.Header("x-arbstr-policy");
  query.last_user_text = request.last_user_text;
  query.latency_ms = worker.latency_ms;
  query.round_robin = worker.round_robin++;
  return worker.gateway.router.Decide(query, worker.route_scratch);
}

// A moving average per provider; a failure enters as a whole deadline, so that a broken provider does not
// stay first.
void RecordLatency(Worker& worker, uint32_t provider, bool answered, Clock::duration took) {
  constexpr double kWeight = 0.2;
  const std::chrono::duration<double, std::milli> sample =
      answered ? took : worker.gateway.config.retry.deadline;
  double& average = worker.latency_ms[provider];
  average = std::isnan(average) ? sample.count() : average + kWeight * (sample.count() - average);
}

// False: interrupted.
Task<bool> WaitUntil(Asking& asking, Clock::time_point at) {
  Event over(asking.worker.loop.get_executor());
  bool elapsed = false;
  Deadline deadline(asking.worker.wheel, [&] {
    elapsed = true;
    over.Notify();
  });
  deadline.Arm(at);
  while (!elapsed && !asking.call.interrupt.fired()) co_await over.AsyncWait(kUseTask);
  co_return !asking.call.interrupt.fired();
}

Task<retry::StateMachine::Report> AskOnce(Asking& asking, uint32_t provider,
                                          std::chrono::milliseconds waited) {
  Worker& worker = asking.worker;
  const Gateway& gateway = worker.gateway;
  const Upstream& upstream = gateway.upstreams[provider];
  const auto begun = Clock::now();
  asking.provider = provider;
  asking.evidence.trail().Begin(upstream.config.name, begun, waited);
  asking.exchange =
      std::make_unique<UpstreamExchange>(upstream, worker.pool, worker.gateway.resolver, worker.wheel,
                                         gateway.config.retry.connect_timeout, asking.call.interrupt);
  asking.last = co_await MakeAttempt(worker, asking.call, asking.request, upstream, *asking.exchange);
  asking.call.interrupt.ForgetAttempt();
  const retry::Outcome outcome = asking.last.outcome;
  if (!asking.last.is_stream) asking.exchange.reset();
  const bool answered = outcome == retry::Outcome::kAnswered || outcome == retry::Outcome::kFinal;
  asking.evidence.trail().End(asking.last.status, asking.last.error,
                              !answered && outcome != retry::Outcome::kClientGone, Clock::now());
  RecordLatency(worker, provider, answered, Clock::now() - begun);
  const double draw = std::uniform_real_distribution<double>(0, 1)(worker.random);
  co_return retry::StateMachine::Report{outcome, asking.last.retry_after, draw};
}

void LogAttempt(const Asking& asking, const retry::Decision& next) {
  if (!spdlog::should_log(spdlog::level::debug)) return;
  const auto* attempt = std::get_if<retry::Attempt>(&next);
  const auto wait = attempt == nullptr ? Clock::duration(0) : attempt->at - Clock::now();
  spdlog::debug("request {} attempt {} provider={} status={} next={} wait_ms={}{}{}", asking.call.request_id,
                asking.evidence.trail().attempts(),
                asking.worker.gateway.upstreams[asking.provider].config.name, asking.last.status,
                attempt == nullptr ? "stop" : "attempt",
                std::max<int64_t>(0, std::chrono::ceil<std::chrono::milliseconds>(wait).count()),
                asking.last.error.empty() ? "" : " error=", asking.last.error);
}

// Asks providers until one has answered or nothing is left to try.
Task<retry::Stop::Reason> AskProviders(Asking& asking, std::span<const uint32_t> candidates,
                                       Clock::time_point deadline) {
  const Gateway& gateway = asking.worker.gateway;
  retry::StateMachine retries(asking.request.stream ? gateway.stream_policy : gateway.retry_policy,
                              static_cast<int>(candidates.size()), deadline);
  const std::vector<uint32_t> order(candidates.begin(),
                                    candidates.end());  // the router's scratch is used again
  retry::Decision decision = retries.Start(Clock::now());
  while (const auto* attempt = std::get_if<retry::Attempt>(&decision)) {
    const auto now = Clock::now();
    const auto waited =
        std::chrono::ceil<std::chrono::milliseconds>(std::max(attempt->at - now, Clock::duration(0)));
    if (attempt->at > now && (!co_await WaitUntil(asking, attempt->at) || Clock::now() >= deadline)) {
      const bool gone = asking.call.interrupt.reason() >= InterruptReason::kClientGone;
      decision = retries.OnWaitInterrupted(gone, Clock::now());
      continue;
    }
    const auto report = co_await AskOnce(asking, order[static_cast<size_t>(attempt->candidate)], waited);
    decision = retries.OnOutcome(report, Clock::now());
    LogAttempt(asking, decision);
  }
  co_return std::get<retry::Stop>(decision).reason;
}

Response AnswerFor(Asking& asking, retry::Stop::Reason reason, const RequestDeadline& deadline) {
  Evidence& evidence = asking.evidence;
  const Gateway& gateway = asking.worker.gateway;
  switch (reason) {
    case retry::Stop::Reason::kAnswered:
      evidence.SetUsage(gateway.router.providers()[asking.provider], asking.last.completion.usage,
                        asking.last.completion.total_cost);
      evidence.row().success = true;
      return SuccessResponse(std::move(asking.last));
    case retry::Stop::Reason::kFinal:
    case retry::Stop::Reason::kExhausted:
      evidence.SetFailure(asking.last.status, asking.last.error);
      return FailureResponse(std::move(asking.last), gateway.upstreams[asking.provider], asking.worker.json);
    case retry::Stop::Reason::kDeadline:
    case retry::Stop::Reason::kNoCandidate:
    case retry::Stop::Reason::kClientGone:
      break;
  }
  if (asking.call.interrupt.reason() >= InterruptReason::kClientGone) {
    const bool shutdown = asking.call.interrupt.reason() == InterruptReason::kShutdown;
    evidence.SetFailure(shutdown ? 503 : 499,
                        shutdown ? "the gateway was shut down" : "the client went away");
    return ErrorResponse(ShutdownApiError());
  }
  const ApiError error = DeadlineApiError(deadline);
  evidence.SetFailure(error.status, error.message);
  Response response = ErrorResponse(error);
  AddField(response.fields, "x-should-retry", "false");
  return response;
}

// Writes the row, then says what only a complete plain answer can say.
Task<ChatResult> Conclude(Evidence& evidence, const ChatCall& call, Response response) {
  request_log::Record& row = evidence.row();
  row.latency_ms = evidence.MillisSinceArrival();
  AddRouteFields(response.fields, evidence.trail().last_provider(), evidence.trail().Retries());
  AddField(response.fields, "x-arbstr-latency-ms", fmt::to_string(row.latency_ms));
  if (row.cost_sats) AddField(response.fields, "x-arbstr-cost-sats", FormatSats(*row.cost_sats));
  const bool may_answer =
      co_await evidence.Write() && call.interrupt.reason() != InterruptReason::kClientGone;
  if (!may_answer) co_return Result(std::nullopt, true);
  co_return Result(std::move(response), false);
}

}  // namespace

Task<ChatResult> HandleChat(Worker& worker, const ChatCall& call) {
  auto parsed = ReadChatRequest(call.body, worker.json);
  if (const auto* error = std::get_if<ApiError>(&parsed)) co_return Result(ErrorResponse(*error), false);
  const ChatRequest& request = std::get<ChatRequest>(parsed);

  const Watching watching(call);
  if (!co_await Evidence::Reserve(worker, call.interrupt)) {
    co_return Result(ErrorResponse(LogUnavailableApiError()), false);
  }
  Evidence evidence(worker, call, request);

  const auto deadline = ReadRequestDeadline(worker.gateway.config.retry, call.head, request);
  if (const auto* error = std::get_if<ApiError>(&deadline)) {
    evidence.SetFailure(error->status, error->message);
    co_return co_await Conclude(evidence, call, ErrorResponse(*error));
  }
  const router::Route route = DecideRoute(worker, call, request);
  if (route.policy != nullptr) evidence.row().policy = route.policy->name;
  if (route.error != router::RouteError::kNone) {
    const std::string policy =
        route.policy ? route.policy->name : std::string(call.head.Header("x-arbstr-policy").value_or(""));
    const ApiError error = RouteApiError(route.error, request, policy);
    evidence.SetFailure(error.status, error.message);
    co_return co_await Conclude(evidence, call, ErrorResponse(error));
  }

  const RequestDeadline& limit = std::get<RequestDeadline>(deadline);
  Deadline cut(worker.wheel, [&call] { call.interrupt.Fire(InterruptReason::kDeadline); });
  cut.Arm(call.arrived + limit.time);
  Asking asking(worker, call, request, evidence);
  const auto reason = co_await AskProviders(asking, route.candidates, call.arrived + limit.time);
  if (asking.last.is_stream) {
    co_return co_await RelayChatStream(worker, call, request, evidence, *asking.exchange, asking.last.fields,
                                       asking.provider, cut);
  }
  cut.Disarm();
  co_return co_await Conclude(evidence, call, AnswerFor(asking, reason, limit));
}

}  // namespace arbstr::proxy
