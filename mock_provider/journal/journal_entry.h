// One request, and what became of it.
#ifndef ARBSTR_MOCK_PROVIDER_JOURNAL_JOURNAL_ENTRY_H_
#define ARBSTR_MOCK_PROVIDER_JOURNAL_JOURNAL_ENTRY_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mock_provider/scenario/action.h"
#include "mock_provider/scenario/rule_hit.h"
#include "mock_provider/scenario/scenario.h"

namespace mock_provider {

enum class ClosedBy { kClient, kServer };

// Times are milliseconds of the scenario's clock, see scenario_time.h for their differences.
struct JournalEntry {
  std::uint64_t seq = 0;  // from 1, over all providers
  std::string provider{};
  Dialect dialect = Dialect::kOpenAi;     // of the provider
  std::uint64_t connection = 0;           // from 1, over all providers
  double arrival_ms = 0;                  // the request was there whole
  std::optional<double> first_byte_ms{};  // of the answer
  std::optional<double> last_byte_ms{};   // of the answer so far
  std::optional<double> end_ms{};         // absent: still being answered
  std::string method{};
  std::string target{};
  std::string model{};
  bool stream = false;
  bool relayed = false;  // a real provider decides: status, action and what follows from them are known late
  RuleHit hit{};
  // What the client met, as a step that plays it again without chance; null: the provider's own normal reply.
  std::shared_ptr<const Action> action{};
  int status = 0;                                // as planned until it comes; 0: the client gets to read none
  std::optional<std::int64_t> retry_after_ms{};  // what the head asks for, if it is sent whole
  std::optional<bool> should_retry{};            // what its x-should-retry says, likewise
  bool broken = false;                  // whatever its status, who reads it cannot take it for a good answer
  double silence_ms = 0;                // the longest time in which no byte came, from arrival to end
  std::uint64_t bytes = 0;              // of the answer, head included
  std::optional<ClosedBy> closed_by{};  // absent: the connection outlives the answer, or the answer goes on
  std::vector<std::pair<std::string, std::string>> headers{};  // lower-case names
  std::string body{};
};

// Notes that the client has waited until now: for the first byte, the next one, or the end.
void NoteSilence(JournalEntry& entry, double now_ms);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_JOURNAL_JOURNAL_ENTRY_H_
