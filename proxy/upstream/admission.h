// Which requests a provider gets: none while its breaker is open, no more at once than it may have, and no
// more retries than its budget allows. One a provider, shared by all loops: every member may be called from
// any thread.
#ifndef ARBSTR_PROXY_UPSTREAM_ADMISSION_H_
#define ARBSTR_PROXY_UPSTREAM_ADMISSION_H_

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "retry/circuit_breaker.h"
#include "retry/retry_budget.h"

namespace arbstr::proxy {

class Admission {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  using State = retry::CircuitBreaker::State;

  struct Limits {
    retry::BreakerPolicy breaker;
    retry::BudgetPolicy budget;
    std::size_t max_concurrency = 0;  // 0: unlimited
  };

  // A request's stay at the provider, all its attempts there and the waits between them. It takes one of the
  // provider's places, and ends with a word on what became of it; dropped without one, it says nothing.
  class Permit {
   public:
    ~Permit() { End(); }
    Permit(Permit&& other) noexcept
        : admission_(std::exchange(other.admission_, nullptr)),
          model_(std::move(other.model_)),
          ticket_(other.ticket_) {}
    Permit& operator=(Permit&&) = delete;

    // It was answered with what is not worth a retry, a 4xx too.
    void Answered();
    // It got no answer there: every attempt failed, the deadline cut one, its stream broke.
    void Exhausted(TimePoint now);

   private:
    friend class Admission;
    Permit(Admission& admission, std::string model, retry::CircuitBreaker::Ticket ticket)
        : admission_(&admission), model_(std::move(model)), ticket_(ticket) {}
    void End();

    Admission* admission_;  // null: ended, or moved from
    std::string model_;
    retry::CircuitBreaker::Ticket ticket_;
  };

  explicit Admission(const Limits& limits) : limits_(limits), budget_(limits.budget) {}
  Admission(const Admission&) = delete;
  Admission& operator=(const Admission&) = delete;

  // Other limits for the provider, whose state they find as it is.
  void SetLimits(const Limits& limits);

  // Lets a request for `model` in, or not: its breaker is open, or every place is taken.
  std::optional<Permit> Admit(const std::string& model, TimePoint now);
  // When it is worth asking again after Admit has refused.
  TimePoint NextChance(const std::string& model, TimePoint now) const;

  // Whether the budget has room for one more retry, which is then charged; GiveBackRetry where it is not made
  // after all.
  bool TryRetry(TimePoint now);
  void GiveBackRetry(TimePoint now);

  // The worst of all its models'.
  State state(TimePoint now) const;

 private:
  // Models come from clients: beyond so many that failed, those left share one breaker.
  static constexpr std::size_t kMaxBreakers = 256;

  // A model that has never failed here has no breaker, and counts as closed.
  const retry::CircuitBreaker* Find(const std::string& model) const;
  retry::CircuitBreaker& FindOrAdd(const std::string& model);

  mutable std::mutex mutex_;
  Limits limits_;
  std::map<std::string, retry::CircuitBreaker> breakers_;  // by model; "" is what is left
  retry::RetryBudget budget_;
  std::size_t in_use_ = 0;  // places
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_UPSTREAM_ADMISSION_H_
