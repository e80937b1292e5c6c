#include "proxy/chat/chat_stream.h"

#include <fmt/format.h>

#include "proxy/chat/answers.h"
#include "proxy/chat/attempt_numbers.h"
#include "proxy/chat/mask_secrets.h"
#include "proxy/chat/sats.h"
#include "proxy/chat/stream_relay.h"
#include "proxy/http/cors.h"

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
      return {499, "", "the client went away", ""};
    case StreamEnd::kShutdown:
      return {503, "stream_interrupted", "The gateway is shutting down: the answer is incomplete.", ""};
    case StreamEnd::kWhole:
    case StreamEnd::kCut:
      break;
  }
  return {502, "stream_interrupted", fmt::format("The answer is incomplete: {}.", relay.cut_reason()), ""};
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

std::string EndComment(const std::optional<double>& cost, int64_t latency_ms) {
  const std::string sats = cost ? FormatSats(*cost) : "null";
  return fmt::format(R"(arbstr {{"cost_sats":{},"latency_ms":{}}})", sats, latency_ms);
}

void LeaveProvider(Admission::Pass& pass, StreamEnd end, TimePoint now) {
  switch (end) {
    case StreamEnd::kWhole:
      return pass.Answered(now);
    case StreamEnd::kCut:
    case StreamEnd::kErrorEvent:
    case StreamEnd::kFirstTimeout:
    case StreamEnd::kIdle:
      return pass.Exhausted(now);
    case StreamEnd::kClientGone:
    case StreamEnd::kShutdown:
      return;
  }
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

void CountStream(const Asking& asking, StreamEnd end) {
  LoopMetrics& metrics = asking.worker.metrics;
  metrics.responses.At({kChatRoute, asking.last.status}).Add();
  const auto& provider = asking.call.setup().upstreams[asking.provider]->config.name;
  CountAttemptEnded(metrics, provider, AttemptEndOf(end), asking.exchange->times(),
                    asking.worker.clock.Now() - asking.begun);
}

void SetEnd(ChatResult& result, bool close, bool cut) {
  result.close = close;
  result.cut = cut;
}

}  // namespace

Task<> RelayChatStream(Asking& asking, const BodyLog& bodies, Deadline& first_event, ChatResult& result) {
  const ChatCall& call = asking.call;
  const Setup& setup = call.setup();
  Evidence& evidence = asking.evidence;
  std::string fields = std::move(asking.last.fields);
  AddRouteFields(fields, evidence.trail().last_provider(), evidence.trail().Retries());
  AddField(fields, "x-arbstr-streaming", "true");
  fields += CorsFields(asking.worker.gateway.config.server.cors_origins, call.head, fields);
  const std::vector<std::string>& secrets = setup.upstreams[asking.provider]->secrets;
  const bool forward_usage = asking.request.include_usage.value_or(false);
  StreamRelay relay(asking.worker, call, *asking.exchange, std::move(asking.last.body), forward_usage,
                    secrets);
  relay.KeepSent(bodies.window());
  evidence.AnswerBegins();
  const StreamEnd end = co_await relay.Run(fields, first_event);
  first_event.Disarm();
  CountStream(asking, end);
  bodies.Log("answer", relay.kept(), relay.sent_bytes());

  const TimePoint now = asking.worker.clock.Now();
  FillTimes(evidence, relay, call.arrived, now);
  evidence.SetUsage(setup.router.providers()[asking.provider], relay.inspector().usage(),
                    relay.inspector().total_cost());
  const auto cost = evidence.row().cost_sats;
  const int64_t latency_ms = evidence.row().latency_ms;
  LeaveProvider(*asking.pass, end, now);
  asking.pass.reset();  // the provider is done, however long the client takes for what is left
  if (end == StreamEnd::kWhole) {
    asking.exchange->Finish();
    evidence.row().success = true;
    if (!co_await evidence.Write()) {
      SetEnd(result, true, true);
      co_return;
    }
    const std::string comment =
        EndComment(cost, latency_ms);  // g++ 12 would destroy it twice in the co_await
    co_await relay.Finish(comment);
    SetEnd(result, !relay.reusable(), false);
    co_return;
  }
  const ApiError error = BrokenStreamError(end, relay, setup.retry, secrets);
  const bool failed = end != StreamEnd::kClientGone && end != StreamEnd::kShutdown;
  evidence.trail().End(error.status, error.message, failed, now);
  evidence.SetFailure(error.status, error.message);
  co_await evidence.Write();
  if (end != StreamEnd::kErrorEvent && end != StreamEnd::kClientGone) {
    const std::string json = ErrorJson(error);
    co_await relay.Break(json);
  }
  SetEnd(result, true, true);
}

}  // namespace arbstr::proxy
