#include "proxy/chat/chat_handler.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "proxy/chat/answers.h"
#include "proxy/chat/ask_providers.h"
#include "proxy/chat/body_log.h"
#include "proxy/chat/chat_stream.h"
#include "proxy/chat/read_chat_request.h"
#include "proxy/chat/request_deadline.h"
#include "proxy/chat/route_query.h"
#include "proxy/chat/sats.h"
#include "proxy/client/client_watch.h"
#include "proxy/http/cut_status.h"

namespace arbstr::proxy {
namespace {

using Clock = std::chrono::steady_clock;

ChatResult Refused(const ApiError& error) {
  ChatResult result;
  result.response = ErrorResponse(error);
  result.has_row = false;
  return result;
}

// There was no room in the log, or whoever asks could not wait for any: there is no row either.
ChatResult RefusedWithoutRoom(Worker& worker, InterruptReason reason) {
  if (reason == InterruptReason::kShutdown) return Refused(ShutdownApiError());
  if (reason != InterruptReason::kClientGone) {
    if (worker.log_full.IsDue(worker.clock.Now()))
      spdlog::error("the request log is full: requests are refused until its rows can be written");
    return Refused(LogUnavailableApiError());
  }
  ChatResult nobody;
  nobody.Cut();
  nobody.has_row = false;
  return nobody;
}

router::Route DecideRoute(Worker& worker, const ChatCall& call, const ChatRequest& request) {
  const router::Router& router = call.setup().router;
  const auto now = worker.clock.Now();
  router::Query query = QueryOf(call.loop_setup, request, call.head.Header("x-arbstr-policy"), now);
  if (router.Rotates()) query.round_robin = worker.gateway.round_robin.Next(router, request.model);
  return router.Decide(query, worker.route_scratch);
}

// When the request is cut; never for one whose deadline is to be refused.
Clock::time_point CutTime(const ChatCall& call, const ChatRequest& request) {
  const auto deadline = ReadRequestDeadline(call.setup().retry, call.head, request);
  const auto* limit = std::get_if<RequestDeadline>(&deadline);
  return limit == nullptr ? Clock::time_point::max() : call.arrived + limit->time;
}

// How a request is to be served: which providers may be asked, and until when.
struct RequestPlan {
  router::Route route;
  RequestDeadline limit{};
};

// Or why it is not to be served, which its row then says as well.
std::optional<ApiError> PlanRequest(Worker& worker, const ChatCall& call, const ChatRequest& request,
                                    Evidence& evidence, RequestPlan& plan) {
  if (call.draining) {
    evidence.SetFailure(kShutdownStatus, "the gateway is shutting down");
    return ShutdownApiError();
  }
  const auto deadline = ReadRequestDeadline(call.setup().retry, call.head, request);
  if (const auto* error = std::get_if<ApiError>(&deadline)) {
    evidence.SetFailure(error->status, error->message);
    return *error;
  }
  plan.limit = std::get<RequestDeadline>(deadline);
  if (call.head.HeaderCount("x-arbstr-policy") > 1) {
    const ApiError error = PolicyTwiceApiError();
    evidence.SetFailure(error.status, error.message);
    return error;
  }
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

Response NoProviderAvailable(Dispatch& dispatch) {
  const ApiError error = NoProviderAvailableApiError(dispatch.evidence.skipped());
  dispatch.evidence.SetFailure(error.status, error.message);
  Response response = ErrorResponse(error);
  AddField(response.fields, "retry-after",
           fmt::to_string(SecondsUntil(dispatch.next_chance, dispatch.worker.clock.Now())));
  return response;
}

// To a client that has left it goes nowhere.
Response CutShort(Dispatch& dispatch) {
  const bool shutdown = dispatch.call.interrupt.reason() == InterruptReason::kShutdown;
  dispatch.evidence.SetFailure(shutdown ? kShutdownStatus : kClientGoneStatus,
                               shutdown ? "the gateway was shut down" : "the client went away");
  return ErrorResponse(ShutdownApiError());
}

Response DeadlineExceeded(Dispatch& dispatch) {
  dispatch.worker.metrics.deadline_exceeded.Add();
  const ApiError error = DeadlineApiError(dispatch.limit);
  dispatch.evidence.SetFailure(error.status, error.message);
  Response response = ErrorResponse(error);
  AddField(response.fields, "x-should-retry", "false");
  return response;
}

// Says in the row as well what became of the request.
Response AnswerFor(Dispatch& dispatch, retry::Stop::Reason reason) {
  Evidence& evidence = dispatch.evidence;
  const Setup& setup = dispatch.call.setup();
  switch (reason) {
    case retry::Stop::Reason::kAnswered:
      evidence.SetUsage(setup.router.providers()[dispatch.provider], dispatch.last.completion.usage,
                        dispatch.last.completion.total_cost);
      evidence.row().success = true;
      return SuccessResponse(std::move(dispatch.last));
    case retry::Stop::Reason::kFinal:
    case retry::Stop::Reason::kExhausted:
      evidence.SetFailure(dispatch.last.status, dispatch.last.error);
      return FailureResponse(std::move(dispatch.last), *setup.upstreams[dispatch.provider],
                             dispatch.worker.json);
    case retry::Stop::Reason::kNoCandidate:
      return NoProviderAvailable(dispatch);
    case retry::Stop::Reason::kDeadline:
    case retry::Stop::Reason::kClientGone:
      break;
  }
  if (dispatch.call.interrupt.reason() >= InterruptReason::kClientGone) return CutShort(dispatch);
  return DeadlineExceeded(dispatch);
}

// Writes the row, then says in the response what only a complete plain answer can say.
Task<> Conclude(const BodyLog& bodies, Evidence& evidence, const ChatCall& call, ChatResult& result) {
  Response& response = *result.response;
  request_log::Record& row = evidence.row();
  row.latency_ms = evidence.MillisSinceArrival();
  AddRouteFields(response.fields, evidence.attempt_log().last_provider(), evidence.attempt_log().Retries());
  AddField(response.fields, "x-arbstr-latency-ms", fmt::to_string(row.latency_ms));
  if (row.cost_sats) AddField(response.fields, "x-arbstr-cost-sats", FormatSats(*row.cost_sats));
  const bool may_answer =
      co_await evidence.Write() && call.interrupt.reason() != InterruptReason::kClientGone;
  if (may_answer) {
    const std::string_view body = response.body_view();
    bodies.Log("answer", body, body.size());
  } else {
    result.response.reset();
    result.Cut();
  }
}

}  // namespace

Task<> HandleChat(Worker& worker, const ChatCall& call, ChatResult& result) {
  const ClientWatch watching(call.client, call.interrupt);
  std::variant<ChatRequest, ApiError> parsed;
  if (call.body.size() > kLargeBody) {
    co_await ReadLargeChatRequest(worker, call, parsed);
  } else {
    parsed = ReadChatRequest(call.body, worker.json, call.setup().router.ReadsPrompt());
  }
  if (const auto* error = std::get_if<ApiError>(&parsed)) {
    result = Refused(*error);
    co_return;
  }
  const ChatRequest& request = std::get<ChatRequest>(parsed);

  bool room = worker.gateway.log->TryReserve();
  if (!room) room = co_await Evidence::AwaitRoom(worker, call.interrupt, CutTime(call, request));
  if (!room) {
    result = RefusedWithoutRoom(worker, call.interrupt.reason());
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
    Dispatch dispatch(worker, call, request, plan.limit, evidence);
    auto reason = retry::Stop::Reason::kClientGone;  // it may have left while its body was read
    if (!call.interrupt.fired()) reason = co_await AskProviders(dispatch, plan.route.candidates);
    if (dispatch.last.is_stream) {
      co_await RelayChatStream(dispatch, bodies, cut, result);
      co_return;
    }
    cut.Disarm();
    result.response = AnswerFor(dispatch, reason);
  }
  co_await Conclude(bodies, evidence, call, result);
}

}  // namespace arbstr::proxy
