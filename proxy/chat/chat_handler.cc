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

// Temporaries that are braced inside a coroutine are destroyed twice by g++ 12: results are made by
// functions.
ChatResult Result(std::optional<Response> response, bool close) {
  return {std::move(response), close, close};
}

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
  query.round_robin = worker.round_robin++;
  return call.setup().router.Decide(query, worker.route_scratch);
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
      const ApiError error = NoProviderAvailableApiError();
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

// Writes the row, then says what only a complete plain answer can say.
Task<ChatResult> Conclude(const BodyLog& bodies, Evidence& evidence, const ChatCall& call,
                          Response response) {
  request_log::Record& row = evidence.row();
  row.latency_ms = evidence.MillisSinceArrival();
  AddRouteFields(response.fields, evidence.trail().last_provider(), evidence.trail().Retries());
  AddField(response.fields, "x-arbstr-latency-ms", fmt::to_string(row.latency_ms));
  if (row.cost_sats) AddField(response.fields, "x-arbstr-cost-sats", FormatSats(*row.cost_sats));
  const bool may_answer =
      co_await evidence.Write() && call.interrupt.reason() != InterruptReason::kClientGone;
  if (!may_answer) co_return Result(std::nullopt, true);
  const std::string_view body = response.body_view();
  bodies.Log("answer", body, body.size());
  co_return Result(std::move(response), false);
}

}  // namespace

Task<ChatResult> HandleChat(Worker& worker, const ChatCall& call) {
  auto parsed = ReadChatRequest(call.body, worker.json, call.setup().router.ReadsPrompt());
  if (const auto* error = std::get_if<ApiError>(&parsed)) co_return Refused(*error);
  const ChatRequest& request = std::get<ChatRequest>(parsed);

  const ClientWatch watching(call.client, call.interrupt);
  if (!co_await Evidence::Reserve(worker, call.interrupt)) {
    const ApiError full = LogUnavailableApiError();
    co_return Refused(full);
  }
  Evidence evidence(worker, call, request);
  const BodyLog bodies(worker, call);
  bodies.Log("prompt", call.body.view(), call.body.size());
  if (worker.gateway.draining) {
    evidence.SetFailure(503, "the gateway is shutting down");
    co_return co_await Conclude(bodies, evidence, call, ErrorResponse(ShutdownApiError()));
  }

  const auto deadline = ReadRequestDeadline(call.setup().retry, call.head, request);
  if (const auto* error = std::get_if<ApiError>(&deadline)) {
    evidence.SetFailure(error->status, error->message);
    co_return co_await Conclude(bodies, evidence, call, ErrorResponse(*error));
  }
  const router::Route route = DecideRoute(worker, call, request);
  if (route.policy != nullptr) evidence.row().policy = route.policy->name;
  if (route.error != router::RouteError::kNone) {
    const std::string policy =
        route.policy ? route.policy->name : std::string(call.head.Header("x-arbstr-policy").value_or(""));
    const ApiError error = RouteApiError(route.error, request, policy);
    evidence.SetFailure(error.status, error.message);
    co_return co_await Conclude(bodies, evidence, call, ErrorResponse(error));
  }

  const RequestDeadline& limit = std::get<RequestDeadline>(deadline);
  Deadline cut(worker.wheel, [&call] { call.interrupt.Fire(InterruptReason::kDeadline); });
  cut.Arm(call.arrived + limit.time);
  Asking asking(worker, call, request, evidence);
  const auto reason = co_await AskProviders(asking, route.candidates, call.arrived + limit.time);
  if (asking.last.is_stream) {
    co_return co_await RelayChatStream(asking, bodies, cut);
  }
  cut.Disarm();
  co_return co_await Conclude(bodies, evidence, call, AnswerFor(asking, reason, limit));
}

}  // namespace arbstr::proxy
