#include "proxy/chat/chat_handler.h"

#include <fmt/format.h>

#include <algorithm>

#include "proxy/chat/answers.h"
#include "proxy/chat/ask_providers.h"
#include "proxy/chat/body_log.h"
#include "proxy/chat/chat_stream.h"
#include "proxy/chat/request_deadline.h"
#include "proxy/chat/sats.h"
#include "proxy/client/client_watch.h"

namespace arbstr::proxy {
namespace {

using Clock = std::chrono::steady_clock;

ChatResult Refused(const ApiError& error) {
  ChatResult result;
  result.response = ErrorResponse(error);
  result.has_row = false;
  return result;
}

router::Route DecideRoute(Worker& worker, const ChatCall& call, const ChatRequest& request) {
  router::Query query;
  query.model = request.model;
  query.policy = call.head.Header("x-arbstr-policy");
  query.last_user_text = request.last_user_text;
  query.latency_ms = call.loop_setup.latency_ms;
  if (call.setup().router.Rotates())
    query.round_robin = worker.gateway.round_robin.Next(call.setup().router, request.model);
  return call.setup().router.Decide(query, worker.route_scratch);
}

// How a request is to be served: which providers may be asked, and until when.
struct RequestPlan {
  router::Route route;
  RequestDeadline limit{};
};

// Or why it is not to be served, which its row then says as well.
std::optional<ApiError> PlanRequest(Worker& worker, const ChatCall& call, const ChatRequest& request,
                                    Evidence& evidence, RequestPlan& plan) {
  if (worker.gateway.draining) {
    evidence.SetFailure(503, "the gateway is shutting down");
    return ShutdownApiError();
  }
  const auto deadline = ReadRequestDeadline(call.setup().retry, call.head, request);
  if (const auto* error = std::get_if<ApiError>(&deadline)) {
    evidence.SetFailure(error->status, error->message);
    return *error;
  }
  plan.limit = std::get<RequestDeadline>(deadline);
  plan.route = DecideRoute(worker, call, request);
  const router::Route& route = plan.route;
  if (route.policy != nullptr) evidence.row().policy = route.policy->name;
  if (route.error == router::RouteError::kNone) return std::nullopt;
  const std::string policy =
      route.policy ? route.policy->name : std::string(call.head.Header("x-arbstr-policy").value_or(""));
  const ApiError error = RouteApiError(route.error, request, policy);
  evidence.SetFailure(error.status, error.message);
  return error;
}

// Whole seconds, at least one: what Retry-After can say (RFC 9110 §10.2.3).
int64_t SecondsUntil(Clock::time_point at, Clock::time_point now) {
  return std::max<int64_t>(1, std::chrono::ceil<std::chrono::seconds>(at - now).count());
}

Response AnswerFor(Asking& asking, retry::Stop::Reason reason, const RequestDeadline& deadline) {
  Evidence& evidence = asking.evidence;
  const Setup& setup = asking.call.setup();
  switch (reason) {
    case retry::Stop::Reason::kAnswered:
      evidence.SetUsage(setup.router.providers()[asking.provider], asking.last.completion.usage,
                        asking.last.completion.total_cost);
      evidence.row().success = true;
      return SuccessResponse(std::move(asking.last));
    case retry::Stop::Reason::kFinal:
    case retry::Stop::Reason::kExhausted:
      evidence.SetFailure(asking.last.status, asking.last.error);
      return FailureResponse(std::move(asking.last), *setup.upstreams[asking.provider], asking.worker.json);
    case retry::Stop::Reason::kNoCandidate: {
      const ApiError error = NoProviderAvailableApiError(evidence.skipped());
      evidence.SetFailure(error.status, error.message);
      Response response = ErrorResponse(error);
      AddField(response.fields, "retry-after",
               fmt::to_string(SecondsUntil(asking.next_chance, asking.worker.clock.Now())));
      return response;
    }
    case retry::Stop::Reason::kDeadline:
    case retry::Stop::Reason::kClientGone:
      break;
  }
  if (asking.call.interrupt.reason() >= InterruptReason::kClientGone) {
    const bool shutdown = asking.call.interrupt.reason() == InterruptReason::kShutdown;
    evidence.SetFailure(shutdown ? 503 : 499,
                        shutdown ? "the gateway was shut down" : "the client went away");
    return ErrorResponse(ShutdownApiError());
  }
  asking.worker.metrics.deadline_exceeded.Add();
  const ApiError error = DeadlineApiError(deadline);
  evidence.SetFailure(error.status, error.message);
  Response response = ErrorResponse(error);
  AddField(response.fields, "x-should-retry", "false");
  return response;
}

// Writes the row, then says in the response what only a complete plain answer can say.
Task<> Conclude(const BodyLog& bodies, Evidence& evidence, const ChatCall& call, ChatResult& result) {
  Response& response = *result.response;
  request_log::Record& row = evidence.row();
  row.latency_ms = evidence.MillisSinceArrival();
  AddRouteFields(response.fields, evidence.trail().last_provider(), evidence.trail().Retries());
  AddField(response.fields, "x-arbstr-latency-ms", fmt::to_string(row.latency_ms));
  if (row.cost_sats) AddField(response.fields, "x-arbstr-cost-sats", FormatSats(*row.cost_sats));
  const bool may_answer =
      co_await evidence.Write() && call.interrupt.reason() != InterruptReason::kClientGone;
  if (may_answer) {
    const std::string_view body = response.body_view();
    bodies.Log("answer", body, body.size());
  } else {
    result.response.reset();
    result.close = result.cut = true;
  }
}

}  // namespace

Task<> HandleChat(Worker& worker, const ChatCall& call, ChatResult& result) {
  const auto parsed = ReadChatRequest(call.body, worker.json, call.setup().router.ReadsPrompt());
  if (const auto* error = std::get_if<ApiError>(&parsed)) {
    result = Refused(*error);
    co_return;
  }
  const ChatRequest& request = std::get<ChatRequest>(parsed);

  const ClientWatch watching(call.client, call.interrupt);
  if (!co_await Evidence::Reserve(worker, call.interrupt)) {
    result = Refused(LogUnavailableApiError());
    co_return;
  }
  Evidence evidence(worker, call, request);
  const BodyLog bodies(worker, call);
  bodies.Log("prompt", call.body.view(), call.body.size());

  RequestPlan plan;
  if (const auto error = PlanRequest(worker, call, request, evidence, plan)) {
    result.response = ErrorResponse(*error);
  } else {
    Deadline cut(worker.wheel, [&call] { call.interrupt.Fire(InterruptReason::kDeadline); });
    cut.Arm(call.arrived + plan.limit.time);
    Asking asking(worker, call, request, evidence);
    const auto reason = co_await AskProviders(asking, plan.route.candidates, call.arrived + plan.limit.time);
    if (asking.last.is_stream) {
      co_await RelayChatStream(asking, bodies, cut, result);
      co_return;
    }
    cut.Disarm();
    result.response = AnswerFor(asking, reason, plan.limit);
  }
  co_await Conclude(bodies, evidence, call, result);
}

}  // namespace arbstr::proxy
