#include "proxy/chat/ask_providers.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <random>
#include <variant>
#include <vector>

#include "proxy/chat/attempt_numbers.h"
#include "proxy/chat/latency_average.h"
#include "proxy/net/deadline_wheel.h"
#include "proxy/net/event.h"

namespace arbstr::proxy {
namespace {

using Clock = std::chrono::steady_clock;

// False: interrupted.
Task<bool> WaitUntil(Asking& asking, Clock::time_point at) {
  Event over(asking.worker.loop.get_executor());
  bool elapsed = false;
  Deadline deadline(asking.worker.wheel, [&] {
    elapsed = true;
    over.Notify();
  });
  deadline.Arm(at);
  const LoopClock& clock = asking.worker.clock;
  const auto begun = clock.Now();
  while (!elapsed && !asking.call.interrupt.fired()) co_await over.Wait();
  asking.evidence.AddWait(clock.Now() - begun);
  co_return !asking.call.interrupt.fired();
}

Task<retry::StateMachine::Report> AskOnce(Asking& asking, uint32_t provider, std::chrono::milliseconds waited,
                                          Clock::time_point begun) {
  Worker& worker = asking.worker;
  const Setup& setup = asking.call.setup();
  const Upstream& upstream = *setup.upstreams[provider];
  asking.begun = begun;
  asking.provider = provider;
  CountAttemptBegun(worker.metrics, asking.evidence.trail(), upstream.config.name);
  asking.evidence.trail().Begin(upstream.config.name, begun, waited);
  asking.exchange = std::make_unique<UpstreamExchange>(upstream, worker.pool, *worker.connector, worker.clock,
                                                       setup.retry.connect_timeout, asking.call.interrupt);
  asking.last = AttemptResult(worker.gateway.config.server.max_response_bytes);
  co_await MakeAttempt(worker, asking.call, asking.request, upstream, *asking.exchange, asking.last);
  asking.call.interrupt.ForgetAttempt();
  const retry::Outcome outcome = asking.last.outcome;
  asking.ended = worker.clock.Now();
  const auto took = asking.ended - begun;
  asking.evidence.AddWait(asking.exchange->times().waited);
  if (!asking.last.is_stream) {
    CountAttemptEnded(worker.metrics, upstream.config.name, EndOf(outcome), asking.exchange->times(), took);
    asking.exchange.reset();
  }
  const bool answered = outcome == retry::Outcome::kAnswered || outcome == retry::Outcome::kFinal;
  asking.evidence.trail().End(asking.last.status, asking.last.error,
                              !answered && outcome != retry::Outcome::kClientGone, asking.ended);
  double& latency_ms = asking.call.loop_setup.latency_ms[provider];
  latency_ms = AfterAttempt(latency_ms, outcome, took, setup.retry.deadline);
  const double draw = std::uniform_real_distribution<double>(0, 1)(worker.random);
  co_return retry::StateMachine::Report{outcome, asking.last.retry_after, draw};
}

void LogAttempt(const Asking& asking, const retry::Decision& next) {
  if (!spdlog::should_log(spdlog::level::debug)) return;
  const auto* attempt = std::get_if<retry::Attempt>(&next);
  const auto wait = attempt == nullptr ? Clock::duration(0) : attempt->at - asking.worker.clock.Now();
  spdlog::debug("request {} attempt {} provider={} status={} next={} wait_ms={}{}{}", asking.call.request_id,
                asking.evidence.trail().attempts(),
                asking.call.setup().upstreams[asking.provider]->config.name, asking.last.status,
                attempt == nullptr ? "stop" : "attempt",
                std::max<int64_t>(0, std::chrono::ceil<std::chrono::milliseconds>(wait).count()),
                asking.last.error.empty() ? "" : " error=", asking.last.error);
}

// False: the provider takes no request of this kind now.
bool Enter(Asking& asking, uint32_t provider, Clock::time_point now) {
  if (asking.pass) return true;  // a retry: the request has stayed
  Admission& admission = *asking.call.setup().admissions[provider];
  Admission::Refusal refusal;
  if (auto pass = admission.Admit(asking.request.model, now, &refusal)) {
    asking.pass.emplace(*std::move(pass));
    return true;
  }
  asking.next_chance = std::min(asking.next_chance, refusal.next_chance);
  asking.evidence.skipped().Add(asking.call.setup().upstreams[provider]->config.name, refusal.reason);
  return false;
}

// The request leaves the provider it was at; a stream that it answered with leaves when it ends.
void Leave(Asking& asking, retry::Outcome outcome) {
  switch (outcome) {
    case retry::Outcome::kAnswered:
      if (asking.last.is_stream) return;
      asking.pass->Answered(asking.ended);
      break;
    case retry::Outcome::kFinal:
      if (asking.last.is_stream) return;
      asking.pass->Refused(asking.ended);
      break;
    case retry::Outcome::kRetryable:
    case retry::Outcome::kNextProvider:
    case retry::Outcome::kDeadline:
      asking.pass->Exhausted(asking.worker.clock.Now());
      break;
    case retry::Outcome::kClientGone:
    case retry::Outcome::kSkipped:
      break;
  }
  asking.pass.reset();
}

retry::Decision OnWaitInterrupted(Asking& asking, retry::StateMachine& retries) {
  const bool gone = asking.call.interrupt.reason() >= InterruptReason::kClientGone;
  Leave(asking, gone ? retry::Outcome::kClientGone : retry::Outcome::kDeadline);
  return retries.OnWaitInterrupted(gone);
}

// What follows on an attempt's end. A retry on the same provider is charged to its budget.
retry::Decision Decide(Asking& asking, retry::StateMachine& retries, retry::StateMachine::Report report,
                       int candidate) {
  Admission& admission = *asking.call.setup().admissions[asking.provider];
  const auto now = asking.ended;
  const bool charged = report.outcome == retry::Outcome::kRetryable && admission.TryRetry(now);
  report.retry_allowed = charged;
  const retry::Decision decision = retries.OnOutcome(report, now);
  const auto* next = std::get_if<retry::Attempt>(&decision);
  if (next == nullptr || next->candidate != candidate) {
    if (charged) admission.GiveBackRetry(now);
    Leave(asking, report.outcome);
  }
  LogAttempt(asking, decision);
  return decision;
}

}  // namespace

Task<retry::Stop::Reason> AskProviders(Asking& asking, std::span<const uint32_t> candidates,
                                       Clock::time_point deadline) {
  const Setup& setup = asking.call.setup();
  const LoopClock& clock = asking.worker.clock;
  retry::StateMachine retries(asking.request.stream ? setup.stream_policy : setup.retry_policy,
                              static_cast<int>(candidates.size()), deadline);
  // Copied: the router's scratch is used again.
  const std::vector<uint32_t> order(candidates.begin(), candidates.end());
  auto now = clock.Now();
  retry::Decision decision = retries.Start(now);
  while (const auto* attempt = std::get_if<retry::Attempt>(&decision)) {
    const int candidate = attempt->candidate;
    const uint32_t provider = order[static_cast<size_t>(candidate)];
    const auto wait = std::max(attempt->at - now, Clock::duration(0));
    bool in_time = true;
    if (wait.count() > 0) {
      in_time = co_await WaitUntil(asking, attempt->at);
      now = clock.Now();
      in_time = in_time && now < deadline;
    }
    if (!in_time) {
      decision = OnWaitInterrupted(asking, retries);
    } else if (!Enter(asking, provider, now)) {
      retry::StateMachine::Report skipped;
      skipped.outcome = retry::Outcome::kSkipped;
      decision = retries.OnOutcome(skipped, now);
    } else {
      const auto waited = std::chrono::ceil<std::chrono::milliseconds>(wait);
      const auto report = co_await AskOnce(asking, provider, waited, now);
      decision = Decide(asking, retries, report, candidate);
      now = asking.ended;
    }
  }
  co_return std::get<retry::Stop>(decision).reason;
}

}  // namespace arbstr::proxy
