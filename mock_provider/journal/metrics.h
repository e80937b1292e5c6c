// What has passed through the mock so far, for Prometheus. Counters only grow: a reset leaves them as they
// are.
#ifndef ARBSTR_MOCK_PROVIDER_JOURNAL_METRICS_H_
#define ARBSTR_MOCK_PROVIDER_JOURNAL_METRICS_H_

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <utility>

#include "mock_provider/journal/journal.h"

namespace mock_provider {

// Any thread may call each member.
class Metrics : public JournalObserver {
 public:
  void Arrived(const JournalEntry& entry) override;
  void Ended(const JournalEntry& entry) override;
  void Cleared() override;

  // Something that was not a request came in: it got this status, and no entry in the journal.
  void Refused(const std::string& provider, int status);

  // The text of GET /metrics.
  std::string Text() const;

 private:
  void Count(const JournalEntry& entry);  // under the lock

  // Upper bounds in seconds of how long an answer took; the last one is +Inf.
  static constexpr std::array<double, 9> kBounds = {0.001, 0.01, 0.1, 0.5, 1, 5, 10, 30, 60};

  struct PerProvider {
    std::int64_t open = 0;
    std::uint64_t sent_bytes = 0;
    std::uint64_t left = 0;  // by the client, before the answer's end
    std::array<std::uint64_t, kBounds.size() + 1> durations{};
    double seconds = 0;
  };

  mutable std::mutex mutex_;
  std::map<std::tuple<std::string, std::string, int>, std::uint64_t> requests_;  // provider, rule, status
  std::map<std::pair<std::string, int>, std::uint64_t> refused_;                 // provider, status
  std::map<std::string, PerProvider> providers_;
};

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_JOURNAL_METRICS_H_
