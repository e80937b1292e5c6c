#include "proxy/upstream/admission.h"

#include <spdlog/spdlog.h>

#include <string_view>

#include "proxy/log_line.h"

namespace arbstr::proxy {
namespace {

using Change = retry::ModelBreakers::Change;

// Of a model's name.
constexpr std::size_t kLoggedBytes = 200;

// A place may become free at any moment, and a probe end; nobody can say when.
constexpr std::chrono::seconds kFullRetry{1};

}  // namespace

template <typename Report>
void Admission::Permit::Tell(Report report, const std::function<std::string()>& why) {
  std::unique_lock lock(admission_->mutex_);
  const Change change = report(admission_->breakers_);
  const retry::BreakerPolicy policy = admission_->breakers_.policy();
  lock.unlock();
  admission_->Log(change, model_, policy, why);
}

void Admission::Permit::Begun(TimePoint now) {
  Tell([&](auto& breakers) { return breakers.OnBegun(model_, ticket_, now); });
}

void Admission::Permit::Answered(TimePoint now, bool served) {
  Tell([&](auto& breakers) { return breakers.OnAnswered(model_, ticket_, now, served); });
}

void Admission::Permit::Exhausted(TimePoint now, const std::function<std::string()>& why) {
  Tell([&](auto& breakers) { return breakers.OnExhausted(model_, ticket_, now); }, why);
}

void Admission::Permit::End() {
  if (admission_ == nullptr) return;
  std::lock_guard lock(admission_->mutex_);
  --admission_->in_use_;
  // After any word of it the breaker has moved on, or there is no probe whose place this could free.
  admission_->breakers_.OnAborted(model_, ticket_);
}

void Admission::SetLimits(const Limits& limits) {
  std::lock_guard lock(mutex_);
  max_concurrency_ = limits.max_concurrency;
  budget_.SetPolicy(limits.budget);
  breakers_.SetPolicy(limits.breaker);
}

void Admission::SetListed(Models models) {
  std::lock_guard lock(mutex_);
  breakers_.SetListed(std::move(models));
}

std::optional<Admission::Permit> Admission::Admit(const std::string& model, TimePoint now, Refusal* refusal) {
  std::lock_guard lock(mutex_);
  const bool full = max_concurrency_ > 0 && in_use_ >= max_concurrency_;
  // Not asked where it is full: it would take the request for its probe.
  const auto ticket = full ? std::nullopt : breakers_.Admit(model, now);
  if (!ticket) {
    const bool open = breakers_.state(model, now) == State::kOpen;
    if (refusal != nullptr) {
      refusal->reason = open || !full ? Refusal::Reason::kBreakerOpen : Refusal::Reason::kAtCapacity;
      refusal->next_chance = open ? breakers_.opens_until(model) : now + kFullRetry;
    }
    return std::nullopt;
  }
  ++in_use_;
  budget_.OnRequest(now);
  return Permit(*this, model, *ticket);
}

bool Admission::TryRetry(TimePoint now) {
  std::lock_guard lock(mutex_);
  return budget_.TryRetry(now);
}

void Admission::GiveBackRetry(TimePoint charged) {
  std::lock_guard lock(mutex_);
  budget_.GiveBack(charged);
}

std::vector<retry::ModelBreakers::ModelState> Admission::models(TimePoint now) const {
  std::lock_guard lock(mutex_);
  return breakers_.All(now);
}

void Admission::Log(Change change, const std::string& model, const retry::BreakerPolicy& policy,
                    const std::function<std::string()>& why) const {
  if (change == Change::kNone) return;
  std::string name;
  AppendQuoted(name, std::string_view(model).substr(0, kLoggedBytes));
  const auto open_ms = policy.open_for.count();
  switch (change) {
    case Change::kNone:
      return;
    case Change::kOpened:
      return spdlog::warn("breaker of {} for {} is open for {} ms after {} failures in a row, the last: {}",
                          provider_, name, open_ms, policy.failures, why());
    case Change::kReopened:
      return spdlog::warn("breaker of {} for {} is open for another {} ms: its probe failed: {}", provider_,
                          name, open_ms, why());
    case Change::kClosed:
      return spdlog::info("breaker of {} for {} is closed: its probe was answered", provider_, name);
  }
}

}  // namespace arbstr::proxy
