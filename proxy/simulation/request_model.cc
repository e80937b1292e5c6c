#include "proxy/simulation/request_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace arbstr::proxy::simulation {
namespace {

// How late a deadline may be noticed.
constexpr milliseconds kTick{4};
// How long a request waits for room in the log, and how often it looks.
constexpr milliseconds kRoomPoll{10};
constexpr milliseconds kRoomWait{1000};
// How long the body of an error is waited for.
constexpr milliseconds kErrorBodyTime{2000};

bool Contains(const std::vector<int>& statuses, int status) {
  return std::ranges::find(statuses, status) != statuses.end();
}

}  // namespace

void RequestModel::Arrived() {
  settings_ = shared_.settings;
  arrived_ = now();
  arrived_late_ = shared_.draining;
  if (!client_request_.readable) {
    phase_ = Phase::kOver;
    return;
  }
  phase_ = Phase::kRoomAwaited;
}

bool RequestModel::FailsFast() const {
  return client_request_.stream && retry().streaming == StreamingRetry::kFailFast;
}

milliseconds RequestModel::UsualLimit() const {
  for (const auto& [glob, time] : retry().deadline_by_model) {
    if (glob.substr(0, 2) == client_request_.model) return time;
  }
  return retry().deadline;
}

std::optional<milliseconds> RequestModel::Limit() const {
  milliseconds limit = UsualLimit();
  if (client_request_.deadline) {
    int64_t value = 0;
    std::from_chars(client_request_.deadline->data(),
                    client_request_.deadline->data() + client_request_.deadline->size(), value);
    if (value < 1 || value > retry().max_deadline.count()) return std::nullopt;
    limit = milliseconds(value);
  }
  return FailsFast() ? retry().first_event : limit;
}

milliseconds RequestModel::RoomWait() const { return std::min(kRoomWait, Limit().value_or(kRoomWait)); }

// There is room for its row, and from here on it has one. Seen with the first that follows: what else happens
// in the moment of its arrival may come before it or after.
void RequestModel::Accept() {
  if (shared_.log_used >= shared_.log_capacity) return Fail("served although the log was full");
  if (now() > arrived_ + RoomWait() + kRoomPoll + 2 * kTick)
    return Fail("waited too long for room in the log");
  if (++shared_.log_used == shared_.log_capacity) shared_.log_full_at = now();
  if (arrived_late_) return OweRow(503);
  const auto limit = Limit();
  if (!limit) return OweRow(400);
  deadline_ = arrived_ + *limit;
  const bool named = NamesModel(*settings_, client_request_.model);
  const uint64_t turn = Rotates(*settings_) ? shared_.turns[named ? client_request_.model : ""]++ : 0;
  route_ =
      RouteOf(*settings_, client_request_.model, client_request_.policy, client_request_.prompt, turn, now());
  if (route_.candidates.empty()) return OweRow(400);
  NextCandidate();
}

void RequestModel::NextCandidate() {
  if (now() >= deadline_) return OweRow(504);
  const bool once = FailsFast();
  const int most = once ? 0 : retry().fallbacks;
  while (next_candidate_ < route_.candidates.size() && (!primary_ || fallbacks_ < most)) {
    provider_ = route_.candidates[next_candidate_++];
    stay_ = model().Admit(client_request_.model, now());
    if (!stay_) {
      skipped_ += skipped_.empty() ? "" : ", ";
      skipped_ += model().Refusal(provider().name, client_request_.model, now());
      continue;
    }
    phase_ = Phase::kAttemptDue;
    return;
  }
  nobody_asked_ = attempts_.empty();
  OweRow(nobody_asked_ ? 503 : last_status_);
}

void RequestModel::AttemptBegan(size_t provider) {
  if (std::exchange(replacement_, false)) {
    connecting_since_ = now();
    return;
  }
  if (phase_ == Phase::kRoomAwaited) Accept();
  if (client_left_) return Fail("an attempt after the client has gone");
  if (shut_down_) return Fail("an attempt after the shutdown");
  const bool retried = phase_ == Phase::kWaiting;
  if (phase_ != Phase::kAttemptDue && !retried) return Fail("an attempt that no rule asks for");
  if (now() >= deadline_) return Fail("an attempt after the deadline");
  if (provider != provider_) {
    return Fail(fmt::format("an attempt at {} and not at {}", settings_->config.providers[provider].name,
                            this->provider().name));
  }
  if (retried && now() < retry_at_) return Fail("a retry before its time");
  if (retried && now() > retry_at_ + kTick) return Fail("a retry after its time");
  if (!primary_) primary_ = provider;
  ++(*primary_ == provider ? primary_tries_ : fallbacks_);
  attempts_.push_back({this->provider().name});
  begun_ = connecting_since_ = now();
  begun_choices_.clear();
  finished_choices_.clear();
  goes_on_ = false;
  settings_->latencies[provider].Asked(now());
  error_head_.reset();
  events_.clear();
  usage_.reset();
  total_cost_.reset();
  phase_ = Phase::kAttempt;
}

bool RequestModel::StaleConnection() { return replacement_ = phase_ == Phase::kAttempt && !Interrupted(); }

void RequestModel::EndAttempt(Sample sample, bool failed) {
  attempts_.back().failed = failed;
  AddLatency(sample);
}

void RequestModel::AddLatency(Sample sample) {
  Settings::Latency& latency = settings_->latencies[provider_];
  latency.asked = now();
  const Duration took =
      sample == Sample::kFailure ? std::max(retry().deadline, UsualLimit()) : now() - begun_;
  const double millis = std::chrono::duration<double, std::milli>(took).count();
  if (sample == Sample::kAtLeast && latency.ms && millis < *latency.ms) return;
  const bool outdated = std::exchange(latency.outdated, false);
  latency.ms = latency.ms && !outdated ? *latency.ms + 0.2 * (millis - *latency.ms) : millis;
}

void RequestModel::ProviderAnswered() {
  std::optional<double>& average = model().answer_ms(client_request_.stream);
  const double sample = std::chrono::duration<double, std::milli>(now() - begun_).count();
  average = average ? *average + 0.2 * (sample - *average) : sample;
}

bool RequestModel::CutEarly() {
  const bool first = attempts_.size() == 1;
  if (first && (FailsFast() || deadline_ - arrived_ >= UsualLimit())) return false;
  const std::optional<double>& answer = model().answer_ms(client_request_.stream);
  if (!answer) return !first || now() - begun_ < milliseconds(25);
  return *answer > std::chrono::duration<double, std::milli>(now() - begun_).count();
}

void RequestModel::AttemptFailed() {
  if (phase_ != Phase::kAttempt) return Fail("a failure without an attempt");
  EndAttempt(Sample::kFailure, true);
  last_status_ = 502;
  AfterRetryable(milliseconds(0));
}

void RequestModel::AfterRetryable(milliseconds asked) {
  const bool once = FailsFast();
  const int most = once ? 0 : retry().max_retries;
  const int fallbacks = once ? 0 : retry().fallbacks;
  const bool more = next_candidate_ < route_.candidates.size() && fallbacks_ < fallbacks;
  if (provider_ == *primary_ && primary_tries_ <= most && model().HasBudget(now()) &&
      !(asked > retry().retry_after_max && more)) {
    const size_t step = std::min<size_t>(static_cast<size_t>(primary_tries_), retry().backoff.size()) - 1;
    const Duration backoff = retry().backoff[step];
    const double drawn = static_cast<double>(backoff.count()) * retry().jitter * shared_.next_draw();
    const Duration wait = std::max<Duration>(backoff + Duration(static_cast<int64_t>(drawn)), asked);
    if (wait < deadline_ - now()) {
      model().Charge(now());
      charged_at_ = now();
      retry_at_ = now() + wait;
      phase_ = wait.count() > 0 ? Phase::kWaiting : Phase::kAttemptDue;
      return;
    }
  }
  model().Exhausted(*stay_, now());
  NextCandidate();
}

void RequestModel::Heard(const ProviderEvent& told) {
  if (Interrupted() || phase_ == Phase::kRowDue || phase_ == Phase::kOver) return;
  if (phase_ == Phase::kStreaming) return HeardInStream(told);
  if (phase_ != Phase::kAttempt) return Fail("an answer that nobody waits for was read");
  switch (told.kind) {
    case ProviderEvent::Kind::kErrorHead:
      error_head_ = told;
      error_head_at_ = now();
      return;
    case ProviderEvent::Kind::kResponse:
      return HeardResponse(told);
    case ProviderEvent::Kind::kStreamBegins:
      if (retry().streaming == StreamingRetry::kFailFast) BeginStream();
      return;
    case ProviderEvent::Kind::kEvent:
      return HeardBeforeToken(told);
    case ProviderEvent::Kind::kEnd:
      return HeardEndBeforeToken(told);
    case ProviderEvent::Kind::kFault:
      return AttemptFailed();
  }
}

void RequestModel::HeardResponse(const ProviderEvent& told) {
  const bool success = told.status < 300;
  milliseconds asked = told.asked.value_or(milliseconds(0));
  if (told.asked_until) {
    asked = std::max(milliseconds(0), std::chrono::ceil<milliseconds>(*told.asked_until - now()));
  }
  last_status_ = told.error_body || (told.status >= 300 && told.status < 400) ? 502 : told.status;
  answer_body_ = told.body;
  const bool request_at_fault = told.status == 400;
  if (!success && Contains(retry().fallback_statuses, told.status)) {
    const bool failed_before = provider_ == *primary_ && primary_tries_ > 1;
    EndAttempt(request_at_fault ? Sample::kAtLeast : Sample::kFailure, true);
    const bool says_nothing = (request_at_fault || told.status == 403) && !failed_before;
    says_nothing ? model().SaysNothing(*stay_) : model().Exhausted(*stay_, now());
    return NextCandidate();
  }
  if (told.error_body || (!success && Contains(retry().statuses, told.status))) {
    EndAttempt(Sample::kFailure, true);
    return AfterRetryable(asked);
  }
  EndAttempt(success ? Sample::kAnswer : request_at_fault ? Sample::kAtLeast : Sample::kFailure, false);
  model().Answered(*stay_, now(), success);
  if (success) {
    ProviderAnswered();
    usage_ = told.usage;
    total_cost_ = told.total_cost;
  }
  finally_answered_as_if_cut_ = told.status == 499 || told.status == 500 || told.status == 503;
  OweRow(success ? 200 : last_status_);
}

void RequestModel::OweRow(int status) {
  owed_status_ = status;
  phase_ = Phase::kRowDue;
}

void RequestModel::Dropped(bool connecting) {
  if (phase_ != Phase::kAttempt) return;  // it had ended
  if (Interrupted()) {
    EndAttempt(Sample::kAtLeast, false);
    return AbortedByInterrupt();
  }
  if (now() >= deadline_) {
    if (now() > deadline_ + kTick) Fail("an attempt outlived the deadline");
    const bool failed_before = provider_ == *primary_ && primary_tries_ > 1;
    const bool says_something = !CutEarly();
    if (says_something) {
      EndAttempt(Sample::kFailure, true);
    } else {
      attempts_.back().failed = true;
    }
    says_something || failed_before ? model().Exhausted(*stay_, now()) : model().SaysNothing(*stay_);
    return OweRow(504);
  }
  const bool too_long = retry().attempt_timeout.count() > 0 && now() >= begun_ + retry().attempt_timeout;
  if (!too_long && ErrorBodyIsLate(Duration(0))) return HeardResponse(*error_head_);
  EndAttempt(Sample::kFailure, true);
  const bool unconnected = connecting && now() >= connecting_since_ + retry().connect_timeout;
  if (!too_long && !unconnected) return Fail("an attempt was given up for no reason");
  last_status_ = too_long ? 504 : 502;
  model().Exhausted(*stay_, now());
  NextCandidate();
}

bool RequestModel::ErrorBodyIsLate(Duration grace) const {
  return error_head_ && now() >= error_head_at_ + kErrorBodyTime + grace;
}

void RequestModel::AbortedByInterrupt() {
  model().SaysNothing(*stay_);
  OweRow(shut_down_ ? 503 : 499);
}

void RequestModel::ClientLeft() {
  client_left_ = true;  // what follows is seen when it lets go of an attempt, or with its row
}

void RequestModel::RefusedForWantOfRoom() {
  if (phase_ != Phase::kRoomAwaited) return Fail("refused for want of room in the log, and had some");
  if (now() < arrived_ + RoomWait()) return Fail("refused before it has waited for room in the log");
  phase_ = Phase::kOver;
}

void RequestModel::RefusedByShutdown() {
  if (!shut_down_) return Fail("refused for a shutdown that has not come");
  phase_ = Phase::kOver;
}

void RequestModel::CheckAtRest(bool blocked) {
  const bool room = shared_.log_used < shared_.log_capacity;
  const bool long_since = now() > shared_.log_full_at + kRoomPoll + 2 * kTick;
  if (phase_ == Phase::kRoomAwaited && !Interrupted() && room && now() < arrived_ + RoomWait() &&
      (long_since || shared_.log_full_at < arrived_)) {
    return Fail(fmt::format("it waits for room in the log, and {} of {} are used", shared_.log_used,
                            shared_.log_capacity));
  }
  if (phase_ == Phase::kAttemptDue) return Fail(fmt::format("no attempt at {}", provider().name));
  if (phase_ == Phase::kRowDue && !(streamed_ && blocked)) {
    return Fail(fmt::format("no row of status {}", owed_status_));
  }
  if (phase_ == Phase::kAttempt && !Interrupted() && ErrorBodyIsLate(2 * kTick))
    return Fail("an error's body is waited for too long");
  if (Interrupted() && phase_ == Phase::kWaiting) return Fail("a wait goes on for nobody");
  if (Interrupted() && phase_ == Phase::kAttempt) return Fail("an attempt goes on that nobody wants");
  // An interrupt between two parts of a write is noticed behind it.
  if (Interrupted() && phase_ == Phase::kStreaming && !blocked)
    return Fail("a stream goes on that nobody wants");
}

}  // namespace arbstr::proxy::simulation
