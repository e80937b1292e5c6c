// A request as the contract wants it: told what the gateway is told, it says what has to
// follow, and fails the run where something else does.
#ifndef ARBSTR_PROXY_SIMULATION_REQUEST_MODEL_H_
#define ARBSTR_PROXY_SIMULATION_REQUEST_MODEL_H_

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "proxy/simulation/journal.h"
#include "proxy/simulation/script.h"
#include "proxy/simulation/settings.h"
#include "request_log/record.h"

namespace arbstr::proxy::simulation {

// What a client asks.
struct ClientRequest {
  int64_t number = 0;
  std::string model, body, prompt;
  bool stream = false;
  int64_t choices = 1;
  std::optional<bool> include_usage;
  std::optional<std::string> policy, deadline;  // header values
  bool http_1_0 = false;
  bool readable = true;  // else there is neither row nor attempt
};

// What all request models share.
struct SharedState {
  const Timeline& timeline;
  Journal& journal;
  std::shared_ptr<Settings> settings{};  // for requests that arrive now
  bool draining = false;
  std::map<std::string, uint64_t> turns{};  // of round robin; of "": of models that are not named
  size_t log_capacity = 0, log_used = 0;    // rows that are reserved or not committed
  TimePoint log_full_at{};                  // when it was last known to be full
  std::function<double()> next_draw{};      // what the gateway's chance will say next
};

class RequestModel {
 public:
  enum class Phase {
    kNotArrived,
    kRoomAwaited,  // in the log
    kAttemptDue,   // now
    kAttempt,
    kWaiting,  // for a retry's time
    kStreaming,
    kRowDue,  // now, or as soon as the client has taken what was written before
    kOver,
  };

  RequestModel(SharedState& shared, ClientRequest ask) : shared_(shared), client_request_(std::move(ask)) {}

  // The gateway is about to learn, or has just done, this:
  void Arrived();
  void AttemptBegan(size_t provider);
  // A connection that was kept has died before it said anything. True: a new one replaces it.
  bool StaleConnection();
  void AttemptFailed();
  void Heard(const ProviderEvent& told);
  void AwaitsBytes() { awaits_since_ = now(); }
  // The gateway has let go of the attempt in flight.
  void Dropped(bool connecting);
  void ClientLeft();
  void ShutDown() { shut_down_ = true; }
  void RowWritten(const request_log::Record& row);
  void RefusedForWantOfRoom();
  // While it waited for room.
  void RefusedByShutdown();

  // Everything is at rest: what was due now has happened. `blocked`: the client does not take what is
  // written.
  void CheckAtRest(bool blocked);

  const ClientRequest& client_request() const { return client_request_; }
  Phase phase() const { return phase_; }
  const Settings& settings() const { return *settings_; }
  bool client_left() const { return client_left_; }
  const std::optional<request_log::Record>& row() const { return row_; }
  // Of the provider that is asked, or was last.
  const ProviderConfig& provider() const { return settings_->config.providers[provider_]; }
  size_t attempts() const { return attempts_.size(); }
  TimePoint deadline() const { return deadline_; }
  // The events to be passed on, and whether a stream was: its own word at the end is the gateway's.
  const std::string& events() const { return events_; }
  bool streamed() const { return streamed_; }
  bool provider_said_error() const { return provider_said_error_; }
  const std::string& answer_body() const { return answer_body_; }

 private:
  struct Attempt {
    std::string provider;
    bool failed = false;
  };

  TimePoint now() const { return shared_.timeline.now(); }
  void Fail(std::string what) { shared_.journal.Fail(client_request_.number, std::move(what)); }
  const RetryConfig& retry() const { return settings_->config.retry; }
  ProviderModel& model() { return *settings_->models[provider_]; }
  bool Interrupted() const { return client_left_ || shut_down_; }

  bool FailsFast() const;
  // What the configuration gives a plain request.
  milliseconds UsualLimit() const;
  // Nothing: the header asks for what it may not.
  std::optional<milliseconds> Limit() const;
  // How long it waits for room in the log.
  milliseconds RoomWait() const;
  void Accept();
  void NextCandidate();
  void AfterRetryable(milliseconds asked);
  // What it says of the provider's latency: that it takes so long, or at least, or that it is broken.
  enum class Sample { kAnswer, kAtLeast, kFailure };
  void EndAttempt(Sample sample, bool failed);
  void AddLatency(Sample sample);
  void ProviderAnswered();
  // The attempt was cut sooner than the provider answers on average.
  bool CutEarly();
  void HeardResponse(const ProviderEvent& told);
  bool ErrorBodyIsLate(Duration grace) const;
  void HeardBeforeToken(const ProviderEvent& told);
  void HeardInStream(const ProviderEvent& told);
  void HeardEndBeforeToken(const ProviderEvent& told);
  void HeardFinish(const ProviderEvent& told);
  // Each choice that began has had its finish_reason; none went on behind it; and there are as many as asked
  // for.
  bool HasReasons() const { return !begun_choices_.empty() && begun_choices_ == finished_choices_; }
  bool Finished() const { return HasReasons() && !goes_on_; }
  bool HasAllChoices() const {
    return static_cast<int64_t>(begun_choices_.size()) >= client_request_.choices;
  }
  bool EndsWhole(const ProviderEvent& told) const;
  void BeginStream();
  // Or behind what stands in its place.
  void BeginBehindFirstToken();
  void AbortedByInterrupt();
  void ExplainRow();
  void ExplainStreamRow();
  void OweRow(int status);
  void CheckRow(const request_log::Record& row);
  std::string Retries() const;

  SharedState& shared_;
  const ClientRequest client_request_;
  Phase phase_ = Phase::kNotArrived;
  std::shared_ptr<Settings> settings_;
  TimePoint arrived_{}, deadline_{};
  bool arrived_late_ = false;  // for a gateway that ends
  RouteModel route_;
  size_t next_candidate_ = 0;
  std::optional<size_t> primary_;
  int primary_tries_ = 0, fallbacks_ = 0;
  size_t provider_ = 0;
  std::optional<ProviderModel::Stay> stay_;
  std::vector<Attempt> attempts_;
  std::string skipped_;  // who, and why
  bool nobody_asked_ = false;
  TimePoint begun_{}, connecting_since_{}, charged_at_{}, retry_at_{};
  bool replacement_ = false;
  std::optional<ProviderEvent> error_head_;
  TimePoint error_head_at_{};
  bool client_left_ = false, shut_down_ = false;
  int last_status_ = 502;
  // Of streams:
  bool streamed_ = false;
  std::set<int64_t> begun_choices_, finished_choices_;
  bool goes_on_ = false;  // something came of a choice behind its finish_reason
  bool provider_said_error_ = false;
  std::optional<TimePoint> first_event_at_;
  TimePoint awaits_since_{}, finished_at_{};
  std::string events_;
  // Of the answer:
  int owed_status_ = 0;                      // 200: a success
  bool finally_answered_as_if_cut_ = false;  // by a provider, with a status that the gateway's own rows have
  std::optional<Tokens> usage_;
  std::optional<double> total_cost_;
  std::string answer_body_;
  std::optional<request_log::Record> row_;
};

}  // namespace arbstr::proxy::simulation

#endif  // ARBSTR_PROXY_SIMULATION_REQUEST_MODEL_H_
