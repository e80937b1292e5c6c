#include "proxy/chat/chat_stream.h"

#include <fmt/format.h>

#include "proxy/chat/answers.h"
#include "proxy/chat/attempt_numbers.h"
#include "proxy/chat/mask_secrets.h"
#include "proxy/chat/sats.h"
#include "proxy/chat/stream_relay.h"
#include "proxy/http/cors.h"
#include "proxy/http/cut_status.h"

namespace arbstr::proxy {
namespace {

// The error of a stream that broke: what its row says, and its last event where the provider did not send its
// own.
// `secrets`: the provider's, which it may have quoted.
ApiError BrokenStreamError(StreamEnd end, const StreamRelay& relay, const RetryConfig& config,
                           const std::vector<std::string>& secrets) {
  switch (end) {
    case StreamEnd::kFirstTimeout:
      return {504, "stream_idle_timeout",
              fmt::format("No event within {} ms (retry.first_event_ms).", config.first_event.count()), ""};
    case StreamEnd::kIdle:
      return {
          504, "stream_idle_timeout",
          fmt::format("The provider was silent for {} ms (retry.stream_idle_ms): the answer is incomplete.",
                      config.stream_idle.count()),
          ""};
    case StreamEnd::kErrorEvent:
      return {502, "stream_interrupted", MaskedExcerpt(relay.inspector().error_message(), secrets), ""};
    case StreamEnd::kClientGone:
      return {kClientGoneStatus, "", "the client went away", ""};
    case StreamEnd::kShutdown:
      return {kShutdownStatus, "stream_interrupted",
              "The gateway is shutting down: the answer is incomplete.", ""};
    case StreamEnd::kWhole:
    case StreamEnd::kCut:
      break;
  }
  return {502, "stream_interrupted", fmt::format("The answer is incomplete: {}.", relay.cut_reason()), ""};
}

// Nothing for one that is whole.
std::optional<ApiError> ErrorOf(const Dispatch& dispatch, StreamEnd end, const StreamRelay& relay) {
  if (end == StreamEnd::kWhole) return std::nullopt;
  const Setup& setup = dispatch.call.setup();
  return BrokenStreamError(end, relay, setup.retry, setup.upstreams[dispatch.provider]->secrets);
}

using TimePoint = std::chrono::steady_clock::time_point;

void FillTimes(Evidence& evidence, const StreamRelay& relay, TimePoint arrived, TimePoint now) {
  const auto millis = [](auto duration) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
  };
  const auto first = relay.first_event_at().value_or(now);
  evidence.row().latency_ms = millis(first - arrived);
  evidence.row().stream_duration_ms = millis(now - first);
}

std::string EndComment(const request_log::Record& row) {
  const std::string sats = row.cost_sats ? FormatSats(*row.cost_sats) : "null";
  return fmt::format(R"(arbstr {{"cost_sats":{},"latency_ms":{}}})", sats, row.latency_ms);
}

AttemptEnd AttemptEndOf(StreamEnd end) {
  switch (end) {
    case StreamEnd::kWhole:
      return AttemptEnd::kAnswered;
    case StreamEnd::kCut:
    case StreamEnd::kErrorEvent:
    case StreamEnd::kFirstTimeout:
    case StreamEnd::kIdle:
      return AttemptEnd::kBrokenStream;
    case StreamEnd::kClientGone:
    case StreamEnd::kShutdown:
      break;
  }
  return AttemptEnd::kClientGone;
}

void CountStream(const Dispatch& dispatch, AttemptEnd end, TimePoint now) {
  LoopMetrics& metrics = dispatch.worker.metrics;
  metrics.responses.At({kChatRoute, dispatch.last.status}).Add();
  const auto& provider = dispatch.call.setup().upstreams[dispatch.provider]->config.name;
  CountAttemptEnded(metrics, provider, end, dispatch.exchange->times(), now - dispatch.begun);
}

// `error`: of a stream that broke.
void LeaveProvider(Dispatch& dispatch, AttemptEnd end, const std::optional<ApiError>& error, TimePoint now) {
  if (end == AttemptEnd::kAnswered) dispatch.permit->Answered(now);
  if (end == AttemptEnd::kBrokenStream) {
    dispatch.permit->Exhausted(now, [&error] { return FailureText(error->status, error->message); });
    // The stream's beginning was counted as an answer.
    dispatch.call.loop_setup.latencies.OnAttempt(dispatch.provider, LatencySample::kFailure,
                                                 now - dispatch.begun, TimeOfAFailure(dispatch), now);
  }
  dispatch.permit.reset();
}

// Of the response's head: the provider's and ours.
std::string HeadFields(Dispatch& dispatch) {
  const AttemptLog& attempt_log = dispatch.evidence.attempt_log();
  std::string fields = std::move(dispatch.last.fields);
  AddRouteFields(fields, attempt_log.last_provider(), attempt_log.Retries());
  AddField(fields, "x-arbstr-streaming", "true");
  fields += CorsFields(dispatch.worker.gateway.config.server.cors_origins, dispatch.call.head, fields);
  return fields;
}

// What metrics and the row say of a stream that has ended. The provider is done with it then, however long
// the client takes for what is left.
void Account(Dispatch& dispatch, const StreamRelay& relay, StreamEnd end,
             const std::optional<ApiError>& error, TimePoint now) {
  Evidence& evidence = dispatch.evidence;
  const AttemptEnd attempt_end = AttemptEndOf(end);
  CountStream(dispatch, attempt_end, now);
  FillTimes(evidence, relay, dispatch.call.arrived, now);
  evidence.SetUsage(dispatch.call.setup().router.providers()[dispatch.provider], relay.inspector().usage(),
                    relay.inspector().total_cost());
  LeaveProvider(dispatch, attempt_end, error, now);
}

Task<> EndWhole(Dispatch& dispatch, StreamRelay& relay, ChatResult& result) {
  Evidence& evidence = dispatch.evidence;
  const std::string comment = EndComment(evidence.row());  // which Write gives away
  dispatch.exchange->Finish();
  evidence.row().success = true;
  if (!co_await evidence.Write()) {
    result.Cut();
    co_return;
  }
  co_await relay.Finish(comment);
  result.close = !relay.reusable();
}

Task<> EndBroken(Dispatch& dispatch, StreamRelay& relay, StreamEnd end, const ApiError& error, TimePoint now,
                 ChatResult& result) {
  Evidence& evidence = dispatch.evidence;
  evidence.attempt_log().End(error.status, error.message, VerdictOf(AttemptEndOf(end)), now);
  evidence.SetFailure(error.status, error.message);
  co_await evidence.Write();
  if (end != StreamEnd::kErrorEvent && end != StreamEnd::kClientGone) {
    const std::string json = ErrorJson(error);
    co_await relay.Break(json);
  }
  result.Cut();
}

}  // namespace

Task<> RelayChatStream(Dispatch& dispatch, const BodyLog& bodies, Deadline& first_event, ChatResult& result) {
  const std::string fields = HeadFields(dispatch);
  StreamRelay relay(dispatch.worker, dispatch.call, *dispatch.exchange, std::move(dispatch.last.body),
                    dispatch.request.include_usage.value_or(false), dispatch.request.choices,
                    dispatch.call.setup().upstreams[dispatch.provider]->secrets);
  relay.KeepSent(bodies.window());
  dispatch.evidence.AnswerBegins();
  const StreamEnd end = co_await relay.Run(fields, first_event, *dispatch.permit);
  first_event.Disarm();
  const TimePoint now = dispatch.worker.clock.Now();
  const std::optional<ApiError> error = ErrorOf(dispatch, end, relay);
  Account(dispatch, relay, end, error, now);
  bodies.Log("answer", relay.kept(), relay.sent_bytes());
  if (error) {
    co_await EndBroken(dispatch, relay, end, *error, now, result);
  } else {
    co_await EndWhole(dispatch, relay, result);
  }
}

}  // namespace arbstr::proxy
