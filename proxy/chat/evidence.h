// The one row of a chat request, from the reservation of its place in the log to its commit.
#ifndef ARBSTR_PROXY_CHAT_EVIDENCE_H_
#define ARBSTR_PROXY_CHAT_EVIDENCE_H_

#include <chrono>
#include <optional>
#include <string>

#include "proxy/chat/attempt_log.h"
#include "proxy/chat/chat_call.h"
#include "proxy/chat/chat_request.h"
#include "proxy/chat/skipped_candidates.h"
#include "proxy/worker.h"
#include "request_log/record.h"
#include "router/price.h"

namespace arbstr::proxy {

class Evidence {
 public:
  // Where the log had no room for a row: waits for some, for a second at most and no longer than until
  // `latest`, and reserves it. False: there was none, or `interrupt` has ended the wait.
  static Task<bool> AwaitRoom(Worker& worker, Interrupt& interrupt,
                              std::chrono::steady_clock::time_point latest);

  // Holds the reservation that was made. The row is written by Write, or, should that never be reached, by
  // the destructor as a request that ended without an answer.
  Evidence(Worker& worker, const ChatCall& call, const ChatRequest& request);
  ~Evidence();
  Evidence(const Evidence&) = delete;
  Evidence& operator=(const Evidence&) = delete;

  request_log::Record& row() { return row_; }
  AttemptLog& attempt_log() { return attempt_log_; }
  SkippedCandidates& skipped() { return skipped_; }

  void SetUsage(const router::Provider& provider, const std::optional<router::Usage>& usage,
                const std::optional<double>& total_cost);
  void SetFailure(int status, std::string message);
  // Time of the request that was spent waiting for a provider, or for the moment to ask one again.
  void AddWait(std::chrono::steady_clock::duration wait) { waited_ += wait; }
  // From here on it is the provider that sets the pace: our own time in the request ends. At Write at the
  // latest.
  void AnswerBegins();
  int64_t MillisSinceArrival() const;

  // Hands the row to the log, once. With durability before_response this waits for the commit; false where
  // that wait was interrupted, and the client must not be told that its answer is complete.
  Task<bool> Write();

 private:
  using Clock = std::chrono::steady_clock;

  void AnswerBegins(Clock::time_point now);
  void Complete();
  void CountTime();

  Worker& worker_;
  Interrupt& interrupt_;
  const std::chrono::steady_clock::time_point arrived_;
  const bool listed_model_;  // the configuration names it
  const bool streaming_;
  request_log::Record row_;
  const std::string trace_id_;  // empty: the client named none
  AttemptLog attempt_log_;
  SkippedCandidates skipped_;
  std::chrono::steady_clock::duration waited_{};
  std::optional<std::chrono::steady_clock::duration> overhead_;
  bool written_ = false;
  bool timed_ = false;  // its time has been counted
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_EVIDENCE_H_
