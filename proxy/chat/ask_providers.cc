#include "proxy/chat/ask_providers.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <random>
#include <variant>
#include <vector>

#include "proxy/chat/attempt_numbers.h"
#include "proxy/log_line.h"
#include "proxy/net/deadline_wheel.h"
#include "proxy/net/event.h"
#include "proxy/upstream/latency_table.h"
#include "retry/classify.h"

namespace arbstr::proxy {
namespace {

using Clock = std::chrono::steady_clock;

// Nobody answers sooner: it says nothing of a provider of which nothing else is known.
constexpr std::chrono::milliseconds kTimeForAnAnswer{25};

// False: interrupted.
Task<bool> WaitUntil(Dispatch& dispatch, Clock::time_point at) {
  Event over(dispatch.worker.loop.get_executor());
  bool elapsed = false;
  Deadline deadline(dispatch.worker.wheel, [&] {
    elapsed = true;
    over.Notify();
  });
  deadline.Arm(at);
  const LoopClock& clock = dispatch.worker.clock;
  const auto begun = clock.Now();
  while (!elapsed && !dispatch.call.interrupt.fired()) co_await over.Wait();
  dispatch.evidence.AddWait(clock.Now() - begun);
  co_return !dispatch.call.interrupt.fired();
}

void BeginAttempt(Dispatch& dispatch, uint32_t provider, std::chrono::milliseconds waited,
                  Clock::time_point begun) {
  Worker& worker = dispatch.worker;
  const Setup& setup = dispatch.call.setup();
  const Upstream& upstream = *setup.upstreams[provider];
  dispatch.call.loop_setup.latencies.OnAsked(provider, begun);
  AttemptLog& attempt_log = dispatch.evidence.attempt_log();
  dispatch.begun = begun;
  dispatch.provider = provider;
  CountAttemptBegun(worker.metrics, attempt_log, upstream.config.name);
  attempt_log.Begin(upstream.config.name, begun, waited);
  dispatch.exchange =
      std::make_unique<UpstreamExchange>(upstream, worker.pool, *worker.connector, worker.clock,
                                         setup.retry.connect_timeout, dispatch.call.interrupt);
  dispatch.last = AttemptResult(worker.gateway.config.server.max_response_bytes);
}

// A stream's answer comes with its first token: another one than a plain request's.
AnswerTime& AnswerTimeOf(const Dispatch& dispatch) {
  return dispatch.call.setup().admissions[dispatch.provider]->answer_time(dispatch.request.stream);
}

// Whether a deadline that cut an attempt after `took` says nothing of the provider: a client may give a
// request less time than any provider takes, and what is not asked first gets what others have left.
bool IsTooShort(const Dispatch& dispatch, Clock::duration took) {
  const bool asked_first = dispatch.evidence.attempt_log().attempts() == 1;
  if (asked_first && !dispatch.limit.is_shortened()) return false;
  const auto usual = AnswerTimeOf(dispatch).average();
  if (usual) return *usual > took;
  return !asked_first || took < kTimeForAnAnswer;
}

// What the attempt that has ended says about its provider, for the breaker and for lowest_latency.
void JudgeProvider(Dispatch& dispatch, AttemptVerdict verdict, Clock::duration took) {
  const AttemptResult& last = dispatch.last;
  const bool too_short = last.outcome == retry::Outcome::kDeadline && IsTooShort(dispatch, took);
  if (last.outcome == retry::Outcome::kAnswered) AnswerTimeOf(dispatch).OnAnswer(took);
  if (last.own_limit || too_short) return;
  const LatencySample sample = LatencySampleOf(last.outcome, last.status);
  dispatch.call.loop_setup.latencies.OnAttempt(dispatch.provider, sample, took, TimeOfAFailure(dispatch),
                                               dispatch.ended);
  const bool may_be_the_requests_fault = retry::MayBeTheRequestsFault(last.status);
  if (verdict == AttemptVerdict::kFailed && !may_be_the_requests_fault) dispatch.provider_failed = true;
}

void EndAttempt(Dispatch& dispatch) {
  const AttemptResult& last = dispatch.last;
  dispatch.ended = dispatch.worker.clock.Now();
  const auto took = dispatch.ended - dispatch.begun;
  dispatch.evidence.AddWait(dispatch.exchange->times().waited);
  const AttemptEnd end = last.own_limit ? AttemptEnd::kGatewayLimit : EndOf(last.outcome);
  if (!last.is_stream) {  // which goes on, and is counted at its end
    const std::string& name = dispatch.call.setup().upstreams[dispatch.provider]->config.name;
    CountAttemptEnded(dispatch.worker.metrics, name, end, dispatch.exchange->times(), took);
    dispatch.exchange.reset();
  }
  const AttemptVerdict verdict = VerdictOf(end);
  JudgeProvider(dispatch, verdict, took);
  dispatch.evidence.attempt_log().End(last.status, last.error, verdict, dispatch.ended);
}

Task<retry::StateMachine::Report> AskOnce(Dispatch& dispatch, uint32_t provider,
                                          std::chrono::milliseconds waited, Clock::time_point begun) {
  Worker& worker = dispatch.worker;
  BeginAttempt(dispatch, provider, waited, begun);
  co_await MakeAttempt(worker, dispatch.call, dispatch.request, *dispatch.call.setup().upstreams[provider],
                       *dispatch.exchange, dispatch.last);
  dispatch.call.interrupt.ForgetAttempt();
  EndAttempt(dispatch);
  const double draw = std::uniform_real_distribution<double>(0, 1)(worker.random);
  co_return retry::StateMachine::Report{dispatch.last.outcome, dispatch.last.retry_after, draw};
}

void LogAttempt(const Dispatch& dispatch, const retry::Decision& next) {
  if (!spdlog::should_log(spdlog::level::debug)) return;
  const auto* attempt = std::get_if<retry::Attempt>(&next);
  const auto wait = attempt == nullptr ? Clock::duration(0) : attempt->at - dispatch.worker.clock.Now();
  std::string error;
  if (!dispatch.last.error.empty()) AppendQuoted(error, dispatch.last.error);
  spdlog::debug("request {} attempt {} provider={} status={} next={} wait_ms={}{}{}",
                dispatch.call.request_id, dispatch.evidence.attempt_log().attempts(),
                dispatch.call.setup().upstreams[dispatch.provider]->config.name, dispatch.last.status,
                attempt == nullptr ? "stop" : "attempt",
                std::max<int64_t>(0, std::chrono::ceil<std::chrono::milliseconds>(wait).count()),
                error.empty() ? "" : " error=", error);
}

// False: the provider takes no request of this kind now.
bool Enter(Dispatch& dispatch, uint32_t provider, Clock::time_point now) {
  if (dispatch.permit) return true;  // a retry: the request has stayed
  Admission& admission = *dispatch.call.setup().admissions[provider];
  Admission::Refusal refusal;
  if (auto permit = admission.Admit(dispatch.request.model, now, &refusal)) {
    dispatch.permit.emplace(*std::move(permit));
    dispatch.provider_failed = false;
    return true;
  }
  dispatch.next_chance = std::min(dispatch.next_chance, refusal.next_chance);
  dispatch.evidence.skipped().Add(dispatch.call.setup().upstreams[provider]->config.name, refusal.reason);
  return false;
}

// The request leaves the provider it was at; a stream that it answered with leaves when it ends.
void Leave(Dispatch& dispatch, retry::Outcome outcome) {
  switch (outcome) {
    case retry::Outcome::kAnswered:
      if (dispatch.last.is_stream) return;
      dispatch.permit->Answered(dispatch.ended);
      break;
    case retry::Outcome::kFinal:
      dispatch.permit->Refused(dispatch.ended);
      break;
    case retry::Outcome::kRetryable:
    case retry::Outcome::kNextProvider:
    case retry::Outcome::kDeadline:
      if (dispatch.provider_failed) {
        dispatch.permit->Exhausted(dispatch.worker.clock.Now(),
                                   [&last = dispatch.last] { return FailureText(last.status, last.error); });
      }
      break;
    case retry::Outcome::kClientGone:
    case retry::Outcome::kSkipped:
      break;
  }
  dispatch.permit.reset();
}

const char* NameOf(retry::NotRetried why) {
  switch (why) {
    case retry::NotRetried::kBudget:
      return "retry_budget";
    case retry::NotRetried::kRetryAfter:
      return "retry_after";
    case retry::NotRetried::kDeadline:
      return "deadline";
    case retry::NotRetried::kNot:
      break;
  }
  return nullptr;
}

// Of a wait for a retry: fallbacks go at once.
retry::Decision OnWaitInterrupted(Dispatch& dispatch, retry::StateMachine& retries) {
  Admission& admission = *dispatch.call.setup().admissions[dispatch.provider];
  if (!dispatch.last.own_limit) admission.GiveBackRetry(dispatch.ended);
  const bool gone = dispatch.call.interrupt.reason() >= InterruptReason::kClientGone;
  Leave(dispatch, gone ? retry::Outcome::kClientGone : retry::Outcome::kDeadline);
  return retries.OnWaitInterrupted(gone);
}

// What follows on an attempt's end. A retry on the same provider is charged to its budget, unless it is no
// failure of the provider's that makes it necessary.
retry::Decision Decide(Dispatch& dispatch, retry::StateMachine& retries, retry::StateMachine::Report report,
                       int candidate) {
  Admission& admission = *dispatch.call.setup().admissions[dispatch.provider];
  const auto now = dispatch.ended;
  const bool own_limit = dispatch.last.own_limit;
  const bool charged = report.outcome == retry::Outcome::kRetryable && !own_limit && admission.TryRetry(now);
  report.retry_allowed = charged || own_limit;
  const retry::Decision decision = retries.OnOutcome(report, now);
  const auto* next = std::get_if<retry::Attempt>(&decision);
  if (next == nullptr || next->candidate != candidate) {
    if (charged) admission.GiveBackRetry(now);
    Leave(dispatch, report.outcome);
  }
  dispatch.evidence.attempt_log().SetNotRetried(NameOf(retries.not_retried()));
  LogAttempt(dispatch, decision);
  return decision;
}

}  // namespace

std::chrono::milliseconds TimeOfAFailure(const Dispatch& dispatch) {
  return std::max(dispatch.call.setup().retry.deadline, dispatch.limit.usual);
}

Task<retry::Stop::Reason> AskProviders(Dispatch& dispatch, std::span<const uint32_t> candidates) {
  const Setup& setup = dispatch.call.setup();
  const Clock::time_point deadline = dispatch.call.arrived + dispatch.limit.time;
  const LoopClock& clock = dispatch.worker.clock;
  retry::StateMachine retries(dispatch.request.stream ? setup.stream_policy : setup.retry_policy,
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
      in_time = co_await WaitUntil(dispatch, attempt->at);
      now = clock.Now();
      in_time = in_time && now < deadline;
    }
    if (!in_time) {
      decision = OnWaitInterrupted(dispatch, retries);
    } else if (!Enter(dispatch, provider, now)) {
      retry::StateMachine::Report skipped;
      skipped.outcome = retry::Outcome::kSkipped;
      decision = retries.OnOutcome(skipped, now);
    } else {
      const auto waited = std::chrono::ceil<std::chrono::milliseconds>(wait);
      const auto report = co_await AskOnce(dispatch, provider, waited, now);
      decision = Decide(dispatch, retries, report, candidate);
      now = dispatch.ended;
    }
  }
  co_return std::get<retry::Stop>(decision).reason;
}

}  // namespace arbstr::proxy
