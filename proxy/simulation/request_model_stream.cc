// What a request's model says of an event stream: when it has begun, and what is its end.
#include <algorithm>

#include "proxy/simulation/request_model.h"

namespace arbstr::proxy::simulation {
namespace {

constexpr milliseconds kTick{4};
// How long what follows a finish_reason is waited for.
constexpr milliseconds kTailTime{10'000};

}  // namespace

// Of a stream that nothing has been sent of yet.
void RequestModel::HeardBeforeToken(const ProviderEvent& told) {
  if (told.error || told.malformed) {
    EndAttempt(Sample::kFailure, true);
    last_status_ = 502;
    return AfterRetryable(milliseconds(0));
  }
  if (!told.done && !told.usage_only) events_ += told.event;
  if (told.usage_only && client_request_.include_usage.value_or(false)) events_ += told.event;
  if (told.usage) usage_ = told.usage;
  HeardFinish(told);
  if (!told.token && !(Finished() && HasAllChoices()) && !told.done) return;
  BeginBehindFirstToken();
  if (told.done) OweRow(200);
}

void RequestModel::BeginBehindFirstToken() {
  BeginStream();
  first_event_at_ = now();
  model().Begun(*stay_);
}

void RequestModel::HeardEndBeforeToken(const ProviderEvent& told) {
  if (!EndsWhole(told)) return AttemptFailed();
  BeginBehindFirstToken();
  OweRow(200);
}

bool RequestModel::EndsWhole(const ProviderEvent& told) const {
  if (!told.message_ends) return Finished() && HasAllChoices();
  return HasReasons() && (HasAllChoices() || !told.by_close);
}

void RequestModel::HeardFinish(const ProviderEvent& told) {
  if (told.choice) {
    begun_choices_.insert(*told.choice);
    goes_on_ = goes_on_ || (told.token && finished_choices_.contains(*told.choice));
    if (told.finish) finished_choices_.insert(*told.choice);
  }
  if (!told.comment && !told.malformed) finished_at_ = now();
}

void RequestModel::BeginStream() {
  EndAttempt(Sample::kAnswer, false);
  ProviderAnswered();
  streamed_ = true;
  phase_ = Phase::kStreaming;
}

void RequestModel::HeardInStream(const ProviderEvent& told) {
  if (told.kind == ProviderEvent::Kind::kEnd) return OweRow(EndsWhole(told) ? 200 : 502);
  if (!told.comment && !told.error && !told.malformed) model().Begun(*stay_);
  if (!told.comment && !first_event_at_) first_event_at_ = now();
  if (told.usage) usage_ = told.usage;
  if (told.done) return OweRow(200);
  if (!told.usage_only || client_request_.include_usage.value_or(false)) events_ += told.event;
  HeardFinish(told);
  provider_said_error_ = told.error;
  if (told.error) OweRow(502);
}

void RequestModel::ExplainStreamRow() {
  if (Interrupted()) return OweRow(shut_down_ ? 503 : 499);
  if (!first_event_at_ && now() >= deadline_) {
    if (now() > deadline_ + kTick) Fail("the first event's time was not kept");
    return OweRow(504);
  }
  TimePoint end_at = awaits_since_ + retry().stream_idle;
  if (Finished()) end_at = std::min(end_at, std::max(awaits_since_, finished_at_ + kTailTime));
  if (!first_event_at_ || now() < end_at) return Fail("a stream ended for no reason");
  if (now() > end_at + kTick) Fail("a stream was silent for too long");
  OweRow(Finished() ? 200 : 504);
}

}  // namespace arbstr::proxy::simulation
