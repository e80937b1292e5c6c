// The circuit breakers of one provider, one a model. Pure like CircuitBreaker: time is an argument. Not
// thread-safe.
#ifndef ARBSTR_RETRY_MODEL_BREAKERS_H_
#define ARBSTR_RETRY_MODEL_BREAKERS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "retry/circuit_breaker.h"

namespace arbstr::retry {

// A model that never failed has no breaker, which is a closed one. Names may be any client's invention where
// a provider serves every model, so only so many of those are remembered; a listed model always is. Breakers
// are never shared between models.
class ModelBreakers {
 public:
  using TimePoint = CircuitBreaker::TimePoint;
  using State = CircuitBreaker::State;
  using Ticket = CircuitBreaker::Ticket;

  // How many unlisted models are remembered. Evicted first: those that have not failed since they were last
  // answered; then closed and half-open ones; then open ones; of each the least recently asked first. The
  // unlisted one served last stays.
  static constexpr std::size_t kMaxUnlisted = 256;
  // A half-open breaker waits for somebody to ask. Where nobody has asked for an unlisted model for so long,
  // it says nothing any more about the provider: All reports it as closed, though it still admits only a
  // probe.
  static constexpr std::chrono::seconds kUnasked{60};

  enum class Change {
    kNone,
    kOpened,    // after BreakerPolicy::failures in a row
    kReopened,  // its probe failed
    kClosed,    // its probe was answered
  };

  struct ModelState {
    std::string model;
    bool listed = false;
    State state = State::kClosed;
    bool probing = false;             // half open, and no other request is let through
    std::optional<TimePoint> served;  // last; known of models that nobody lists
  };

  explicit ModelBreakers(const BreakerPolicy& policy) : policy_(policy) {}

  // From now on. Without breakers (0 failures) everything is forgotten.
  void SetPolicy(const BreakerPolicy& policy);
  void SetListed(std::set<std::string, std::less<>> models);

  // As of CircuitBreaker, for that model.
  std::optional<Ticket> Admit(std::string_view model, TimePoint now);
  Change OnBegun(std::string_view model, Ticket& ticket, TimePoint now);
  // `served`: with what the client wanted, not with a refusal such as a 404.
  Change OnAnswered(std::string_view model, Ticket ticket, TimePoint now, bool served);
  Change OnExhausted(std::string_view model, Ticket ticket, TimePoint now);
  void OnAborted(std::string_view model, Ticket ticket);

  State state(std::string_view model, TimePoint now) const;
  // While open: until when.
  TimePoint opens_until(std::string_view model) const;
  // Of every model that is remembered, by name; closed past kUnasked.
  std::vector<ModelState> All(TimePoint now) const;
  const BreakerPolicy& policy() const { return policy_; }
  std::size_t size() const { return entries_.size(); }

 private:
  // Of a request that came when its model had no breaker.
  static constexpr std::uint64_t kNoBreaker = 0;
  // Further apart than a breaker's generations ever get: no ticket fits a breaker that it is not of.
  static constexpr std::uint64_t kGenerations = std::uint64_t{1} << 32;

  struct Entry {
    CircuitBreaker breaker;
    std::uint64_t first_generation;
    bool listed;
    TimePoint asked;
    std::optional<TimePoint> served{};
  };
  using Entries = std::map<std::string, Entry, std::less<>>;

  Entry& FindOrAdd(std::string_view model, TimePoint now);
  void MakeRoom(TimePoint now);
  static Ticket Translate(Ticket ticket, const Entry& entry);
  static State Told(const Entry& entry, TimePoint now);

  BreakerPolicy policy_;
  std::set<std::string, std::less<>> listed_;
  Entries entries_;
  std::uint64_t last_first_generation_ = 0;
};

}  // namespace arbstr::retry

#endif  // ARBSTR_RETRY_MODEL_BREAKERS_H_
