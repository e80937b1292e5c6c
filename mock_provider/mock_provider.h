// The mock provider inside a C++ program: real sockets, on a thread of its own.
//   auto mock = MockProvider::StartJson(R"({"rules": [{"script": [{"error": 503, "times": 2}]}]})");
//   ASSERT_TRUE(mock.ok()) << mock.status();
//   const std::string url = (*mock)->Url("mock");
#ifndef ARBSTR_MOCK_PROVIDER_MOCK_PROVIDER_H_
#define ARBSTR_MOCK_PROVIDER_MOCK_PROVIDER_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mock_provider/http/provider_url.h"
#include "mock_provider/journal/journal.h"
#include "mock_provider/scenario/scenario.h"

namespace mock_provider {

// Every member may be called from any thread, but none from a JournalObserver: the mock's own thread, which
// most members wait for, is busy with it then, and the journal locked.
class MockProvider {
 public:
  struct Options {
    std::optional<std::string> admin_listen{};  // HOST:PORT of the admin API; absent: there is none
    // Outlives the mock; told on the mock's own thread, and of ClearJournal on its caller's.
    JournalObserver* observer = nullptr;
    bool frozen = false;  // the clock stands at zero until it is moved
  };

  // Listens when it returns; the scenario's clock starts then. A provider without `listen` takes a free port
  // of 127.0.0.1.
  static absl::StatusOr<std::unique_ptr<MockProvider>> Start(const Scenario& scenario);
  static absl::StatusOr<std::unique_ptr<MockProvider>> Start(const Scenario& scenario,
                                                             const Options& options);
  // InvalidArgument has a line for each mistake in the scenario.
  static absl::StatusOr<std::unique_ptr<MockProvider>> StartJson(const std::string& scenario);
  static absl::StatusOr<std::unique_ptr<MockProvider>> StartJson(const std::string& scenario,
                                                                 const Options& options);

  // Closes every port and connection.
  ~MockProvider();
  MockProvider(const MockProvider&) = delete;
  MockProvider& operator=(const MockProvider&) = delete;

  // Closes them now, and waits until the journal has how each answer ended. DeadlineExceeded: of some it has
  // not, and will not in time.
  [[nodiscard]] absl::Status Stop();

  using ProviderUrl = mock_provider::ProviderUrl;
  std::vector<ProviderUrl> Urls() const;                  // in the scenario's order
  std::string Url(const std::string& provider) const;     // empty for an unknown provider
  std::uint16_t port(const std::string& provider) const;  // 0 for an unknown provider
  std::uint16_t admin_port() const;                       // 0 when not asked for
  std::string AdminUrl() const;                           // empty when not asked for

  // The certificate (PEM) of the authority that signs for providers whose `tls` is valid: what their clients
  // have to trust.
  std::string CaPem() const;

  // Oldest first. An entry is there as soon as the request has arrived whole, and complete before the
  // answer's last byte leaves.
  std::vector<JournalEntry> Journal() const;
  std::uint64_t JournalTotal() const;  // dropped entries included
  void ClearJournal();

  // Waits until the predicate holds over the journal; false when it did not in time. It is asked again
  // whenever the journal changes, on the caller's thread.
  [[nodiscard]] bool WaitForJournal(
      std::chrono::milliseconds timeout,
      const std::function<bool(const std::vector<JournalEntry>&)>& predicate) const;

  // Waits for that many entries in all; cheaper than WaitForJournal where there are thousands.
  [[nodiscard]] bool WaitForTotal(std::chrono::milliseconds timeout, std::uint64_t total) const;

  // Replaces the whole scenario, or changes nothing. Providers of the same name and address keep their ports.
  absl::Status SetScenario(const std::string& scenario);
  absl::Status SetScenario(const Scenario& scenario);

  // Empties the journal, and starts counters and clock again: the clock runs, or stands where it began
  // frozen.
  void Reset();

  // The scenario's clock. Frozen, it holds every delay and hang; Advance plays what becomes due.
  void FreezeClock();
  void RunClock();
  void AdvanceClock(std::chrono::milliseconds by);
  double ClockMs() const;
  // Sets the clock to zero and lets it run; journal and counters stay.
  void RestartClock();

 private:
  class Runner;
  explicit MockProvider(std::unique_ptr<Runner> runner);

  std::unique_ptr<Runner> runner_;
};

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_MOCK_PROVIDER_H_
