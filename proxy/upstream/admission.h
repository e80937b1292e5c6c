// Which requests a provider gets: none while its breaker is open, no more at once than it may have, and no
// more retries than its budget allows. One a provider, shared by all loops: every member may be called from
// any thread.
#ifndef ARBSTR_PROXY_UPSTREAM_ADMISSION_H_
#define ARBSTR_PROXY_UPSTREAM_ADMISSION_H_

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "proxy/upstream/answer_time.h"
#include "retry/circuit_breaker.h"
#include "retry/model_breakers.h"
#include "retry/retry_budget.h"

namespace arbstr::proxy {

class Admission {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  using State = retry::CircuitBreaker::State;
  using Models = std::set<std::string, std::less<>>;

  struct Limits {
    retry::BreakerPolicy breaker;
    retry::BudgetPolicy budget;
    std::size_t max_concurrency = 0;  // 0: unlimited
  };

  // Why a request was not let in, and when it is worth asking again.
  struct Refusal {
    // kBreakerOpen includes half open while a probe is in flight.
    enum class Reason { kBreakerOpen, kAtCapacity };
    Reason reason = Reason::kBreakerOpen;
    TimePoint next_chance{};
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

    // It is answered with a stream, of which the first has come. How that ends is still to be said.
    void Begun(TimePoint now);
    // It was answered with what is not worth a retry: with success, or with a refusal, such as a 404.
    void Answered(TimePoint now) { Answered(now, true); }
    void Refused(TimePoint now) { Answered(now, false); }
    // It got no answer there: every attempt failed, the deadline cut one, its stream broke. `why`: the last
    // failure, for the log.
    void Exhausted(TimePoint now, const std::function<std::string()>& why);

   private:
    friend class Admission;
    Permit(Admission& admission, std::string model, retry::CircuitBreaker::Ticket ticket)
        : admission_(&admission), model_(std::move(model)), ticket_(ticket) {}
    void Answered(TimePoint now, bool served);
    // `report` tells the breakers how it went, and returns what that has changed, which is logged.
    template <typename Report>
    void Tell(Report report, const std::function<std::string()>& why = {});
    void End();

    Admission* admission_;  // null: ended, or moved from
    std::string model_;
    retry::CircuitBreaker::Ticket ticket_;
  };

  // A breaker that opens or closes is logged under the provider's name.
  Admission(std::string provider, const Limits& limits)
      : provider_(std::move(provider)),
        max_concurrency_(limits.max_concurrency),
        breakers_(limits.breaker),
        budget_(limits.budget) {}
  Admission(const Admission&) = delete;
  Admission& operator=(const Admission&) = delete;

  // Other limits for the provider, whose state they find as it is.
  void SetLimits(const Limits& limits);
  // The models it serves that the configuration names; see ModelBreakers.
  void SetListed(Models models);

  // Lets a request for `model` in, or says why not in `refusal`.
  std::optional<Permit> Admit(const std::string& model, TimePoint now, Refusal* refusal = nullptr);

  // Whether the budget has room for one more retry, which is then charged; GiveBackRetry where it is not made
  // after all.
  bool TryRetry(TimePoint now);
  void GiveBackRetry(TimePoint charged);

  // Of plain answers, or of streams' beginnings.
  AnswerTime& answer_time(bool streaming) { return answer_times_[streaming ? 1 : 0]; }

  // Of the models that have failed, or that nobody lists and were served.
  std::vector<retry::ModelBreakers::ModelState> models(TimePoint now) const;

 private:
  void Log(retry::ModelBreakers::Change change, const std::string& model, const retry::BreakerPolicy& policy,
           const std::function<std::string()>& why) const;

  const std::string provider_;
  mutable std::mutex mutex_;
  std::size_t max_concurrency_;
  retry::ModelBreakers breakers_;
  retry::RetryBudget budget_;
  std::size_t in_use_ = 0;  // places
  std::array<AnswerTime, 2> answer_times_;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_UPSTREAM_ADMISSION_H_
