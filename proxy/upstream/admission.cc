#include "proxy/upstream/admission.h"

#include <algorithm>

namespace arbstr::proxy {
namespace {

// A place may become free at any moment; nobody can say when.
constexpr std::chrono::seconds kFullRetry{1};

}  // namespace

void Admission::Permit::Answered() {
  std::lock_guard lock(admission_->mutex_);
  if (admission_->Find(model_) != nullptr) admission_->FindOrAdd(model_).OnAnswered(ticket_);
}

void Admission::Permit::Exhausted(TimePoint now) {
  std::lock_guard lock(admission_->mutex_);
  if (admission_->limits_.breaker.failures > 0) admission_->FindOrAdd(model_).OnExhausted(ticket_, now);
}

void Admission::Permit::End() {
  if (admission_ == nullptr) return;
  std::lock_guard lock(admission_->mutex_);
  --admission_->in_use_;
  // After Answered or Exhausted the breaker has moved on, or there is no probe whose place this could free.
  if (admission_->Find(model_) != nullptr) admission_->FindOrAdd(model_).OnAborted(ticket_);
}

void Admission::SetLimits(const Limits& limits) {
  std::lock_guard lock(mutex_);
  limits_ = limits;
  budget_.SetPolicy(limits.budget);
  if (limits.breaker.failures == 0) breakers_.clear();
  for (auto& [model, breaker] : breakers_) breaker.SetPolicy(limits.breaker);
}

std::optional<Admission::Permit> Admission::Admit(const std::string& model, TimePoint now) {
  std::lock_guard lock(mutex_);
  if (limits_.max_concurrency > 0 && in_use_ >= limits_.max_concurrency) return std::nullopt;
  retry::CircuitBreaker::Ticket ticket;
  if (Find(model) != nullptr) {
    const auto admitted = FindOrAdd(model).Admit(now);
    if (!admitted) return std::nullopt;
    ticket = *admitted;
  }
  ++in_use_;
  budget_.OnRequest(now);
  return Permit(*this, model, ticket);
}

Admission::TimePoint Admission::NextChance(const std::string& model, TimePoint now) const {
  std::lock_guard lock(mutex_);
  const retry::CircuitBreaker* breaker = Find(model);
  const bool open = breaker != nullptr && breaker->state(now) == State::kOpen;
  return open ? breaker->opens_until() : now + kFullRetry;
}

bool Admission::TryRetry(TimePoint now) {
  std::lock_guard lock(mutex_);
  return budget_.TryRetry(now);
}

void Admission::GiveBackRetry(TimePoint now) {
  std::lock_guard lock(mutex_);
  budget_.GiveBack(now);
}

Admission::State Admission::state(TimePoint now) const {
  std::lock_guard lock(mutex_);
  State worst = State::kClosed;
  for (const auto& [model, breaker] : breakers_) {
    const State state = breaker.state(now);
    if (state == State::kOpen) return state;
    if (state == State::kHalfOpen) worst = state;
  }
  return worst;
}

const retry::CircuitBreaker* Admission::Find(const std::string& model) const {
  auto found = breakers_.find(model);
  if (found == breakers_.end() && breakers_.size() >= kMaxBreakers) found = breakers_.find("");
  return found == breakers_.end() ? nullptr : &found->second;
}

retry::CircuitBreaker& Admission::FindOrAdd(const std::string& model) {
  const auto found = breakers_.find(model);
  if (found != breakers_.end()) return found->second;
  const bool room = breakers_.size() < kMaxBreakers;
  return breakers_.try_emplace(room ? model : std::string(), limits_.breaker).first->second;
}

}  // namespace arbstr::proxy
