#include "retry/model_breakers.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace arbstr::retry {

void ModelBreakers::SetPolicy(const BreakerPolicy& policy) {
  policy_ = policy;
  if (policy.failures == 0) entries_.clear();
  for (auto& [model, entry] : entries_) entry.breaker.SetPolicy(policy);
}

void ModelBreakers::SetListed(std::set<std::string, std::less<>> models) {
  listed_ = std::move(models);
  for (auto& [model, entry] : entries_) entry.listed = listed_.contains(model);
}

std::optional<ModelBreakers::Ticket> ModelBreakers::Admit(std::string_view model, TimePoint now) {
  const auto found = entries_.find(model);
  if (found == entries_.end()) return Ticket{kNoBreaker};
  found->second.asked = now;
  return found->second.breaker.Admit(now);
}

ModelBreakers::Change ModelBreakers::OnBegun(std::string_view model, Ticket& ticket, TimePoint now) {
  const auto found = entries_.find(model);
  if (found == entries_.end()) return Change::kNone;
  CircuitBreaker& breaker = found->second.breaker;
  const bool half_open = breaker.state(now) == State::kHalfOpen;
  breaker.OnBegun(ticket);
  return half_open && breaker.state(now) == State::kClosed ? Change::kClosed : Change::kNone;
}

ModelBreakers::Change ModelBreakers::OnAnswered(std::string_view model, Ticket ticket, TimePoint now,
                                                bool served) {
  if (policy_.failures == 0) return Change::kNone;
  auto found = entries_.find(model);
  if (found == entries_.end()) {
    if (!served || listed_.contains(model)) return Change::kNone;
    FindOrAdd(model, now).served = now;
    return Change::kNone;
  }
  Entry& entry = found->second;
  if (served && !entry.listed) entry.served = now;
  const bool half_open = entry.breaker.state(now) == State::kHalfOpen;
  entry.breaker.OnAnswered(Translate(ticket, entry));
  const bool closed = half_open && entry.breaker.state(now) == State::kClosed;
  return closed ? Change::kClosed : Change::kNone;
}

ModelBreakers::Change ModelBreakers::OnExhausted(std::string_view model, Ticket ticket, TimePoint now) {
  if (policy_.failures == 0) return Change::kNone;
  // Forgotten since, with all that its breaker knew.
  if (ticket.generation != kNoBreaker && entries_.find(model) == entries_.end()) return Change::kNone;
  Entry& entry = FindOrAdd(model, now);
  const State before = entry.breaker.state(now);
  entry.breaker.OnExhausted(Translate(ticket, entry), now);
  if (before == State::kOpen || entry.breaker.state(now) != State::kOpen) return Change::kNone;
  return before == State::kHalfOpen ? Change::kReopened : Change::kOpened;
}

void ModelBreakers::OnAborted(std::string_view model, Ticket ticket) {
  const auto found = entries_.find(model);
  if (found != entries_.end()) found->second.breaker.OnAborted(Translate(ticket, found->second));
}

ModelBreakers::State ModelBreakers::state(std::string_view model, TimePoint now) const {
  const auto found = entries_.find(model);
  return found == entries_.end() ? State::kClosed : found->second.breaker.state(now);
}

ModelBreakers::TimePoint ModelBreakers::opens_until(std::string_view model) const {
  const auto found = entries_.find(model);
  return found == entries_.end() ? TimePoint() : found->second.breaker.opens_until();
}

std::vector<ModelBreakers::ModelState> ModelBreakers::All(TimePoint now) const {
  std::vector<ModelState> all;
  all.reserve(entries_.size());
  for (const auto& [model, entry] : entries_)
    all.push_back({model, entry.listed, Told(entry, now), entry.breaker.probing(), entry.served});
  return all;
}

ModelBreakers::Entry& ModelBreakers::FindOrAdd(std::string_view model, TimePoint now) {
  const auto found = entries_.find(model);
  if (found != entries_.end()) return found->second;
  const bool listed = listed_.contains(model);
  if (!listed) MakeRoom(now);
  const std::uint64_t first = last_first_generation_ += kGenerations;
  return entries_.try_emplace(std::string(model), Entry{CircuitBreaker(policy_, first), first, listed, now})
      .first->second;
}

// For one more that is not listed. A name without a failure is only of use to the provider's health, and for
// that the one served last is enough: it stays, so that a crowd of failing inventions never makes the
// provider look as if it served nothing.
void ModelBreakers::MakeRoom(TimePoint now) {
  const auto unlisted = [](const auto& item) { return !item.second.listed; };
  auto count = static_cast<std::size_t>(std::ranges::count_if(entries_, unlisted));
  for (; count >= kMaxUnlisted; --count) {
    const auto latest = std::ranges::max_element(entries_, {}, [](const auto& item) {
      return item.second.listed ? std::optional<TimePoint>() : item.second.served;
    });
    const auto value = [&](const auto& item) {
      const Entry& entry = item.second;
      const bool keep = entry.listed || (&entry == &latest->second && entry.served);
      return std::tuple(keep, entry.breaker.state(now) == State::kOpen, !entry.breaker.untouched(),
                        entry.asked);
    };
    entries_.erase(std::ranges::min_element(entries_, {}, value));
  }
}

// A ticket issued before the model had a breaker belongs to the breaker's first generation: it counts until
// the breaker first changes its state.
ModelBreakers::Ticket ModelBreakers::Translate(Ticket ticket, const Entry& entry) {
  return ticket.generation == kNoBreaker ? Ticket{entry.first_generation} : ticket;
}

ModelBreakers::State ModelBreakers::Told(const Entry& entry, TimePoint now) {
  const State state = entry.breaker.state(now);
  if (state != State::kHalfOpen || entry.listed) return state;
  const bool unasked = now >= std::max(entry.asked, entry.breaker.opens_until()) + kUnasked;
  return unasked ? State::kClosed : state;
}

}  // namespace arbstr::retry
