// What came in and what became of it: an entry for each request, in order of arrival. Any thread may read it.
#ifndef ARBSTR_MOCK_PROVIDER_JOURNAL_JOURNAL_H_
#define ARBSTR_MOCK_PROVIDER_JOURNAL_JOURNAL_H_

#include <absl/functional/function_ref.h>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mock_provider/scenario/action.h"
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
  std::optional<std::string> rule{};
  std::optional<std::int64_t> step{};
  std::optional<std::uint64_t> n{};
  std::optional<double> draw{};
  // What the client met, as a step that plays it again without chance; null: the provider's own normal reply.
  std::shared_ptr<const Action> action{};
  int status = 0;                                // as planned; 0: the client gets to read none
  std::optional<std::int64_t> retry_after_ms{};  // what the head asks for, if it is sent whole
  bool broken = false;                  // whatever its status, who reads it cannot take it for a good answer
  double silence_ms = 0;                // the longest time in which no byte came, from arrival to end
  std::uint64_t bytes = 0;              // of the answer, head included
  std::optional<ClosedBy> closed_by{};  // absent: the connection outlives the answer, or the answer goes on
  std::vector<std::pair<std::string, std::string>> headers{};  // lower-case names
  std::string body{};
};

// Notes that the client has waited until now: for the first byte, the next one, or the end.
void NoteSilence(JournalEntry& entry, double now_ms);

// Told of every change of the journal, one at a time, while the journal is locked: it must be quick, never
// wait, and leave the journal alone.
class JournalObserver {
 public:
  virtual ~JournalObserver() = default;
  virtual void Arrived(const JournalEntry& entry) = 0;
  // Once an entry: its answer has come to an end, or it was dropped while it was open (without end_ms).
  virtual void Ended(const JournalEntry& entry) = 0;
  // All entries so far are gone: Ended will not be called for any of them.
  virtual void Cleared() = 0;
};

class Journal {
 public:
  struct Limits {
    std::size_t entries = 100'000;
    // Headers, bodies and models together, and the texts of replies in actions.
    std::size_t bytes = 256 << 20;
  };
  // Names an entry for Update; harmless when the entry is gone.
  struct Ticket {
    std::uint64_t generation = 0;
    std::uint64_t seq = 0;
  };

  Journal() : Journal(Limits()) {}
  explicit Journal(Limits limits) : limits_(limits) {}

  // Before the first entry; the observer outlives the journal.
  void Observe(JournalObserver& observer) { observers_.push_back(&observer); }

  // The seq that the next entry gets.
  std::uint64_t NextSeq() const;

  // Gives the entry its seq. Drops the oldest entries where it would exceed a limit, never the new one.
  Ticket Append(JournalEntry entry);
  void Update(const Ticket& ticket, absl::FunctionRef<void(JournalEntry&)> change);
  // For changes of numbers and times only: the entry's size is not measured again. Every frame of a stream
  // makes such a change.
  void UpdateNumbers(const Ticket& ticket, absl::FunctionRef<void(JournalEntry&)> change);

  // Forgets all entries; seq and total start again.
  void Clear();

  std::vector<JournalEntry> Entries() const;
  std::uint64_t total() const;  // dropped ones included

  // Waits until the predicate holds over the entries; false when it did not in time. It runs on the caller's
  // thread without a lock held.
  bool WaitFor(std::chrono::milliseconds timeout,
               const std::function<bool(const std::vector<JournalEntry>&)>& predicate) const;
  // Waits for that many entries in all, without looking at any of them.
  bool WaitForTotal(std::chrono::milliseconds timeout, std::uint64_t total) const;

 private:
  // Null: it is gone.
  JournalEntry* Find(const Ticket& ticket);
  void Change(JournalEntry& entry, absl::FunctionRef<void(JournalEntry&)> change);
  void DropOldest();

  const Limits limits_;
  std::vector<JournalObserver*> observers_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::deque<JournalEntry> entries_;
  std::size_t bytes_ = 0;
  std::uint64_t total_ = 0;
  std::uint64_t generation_ = 0;
  std::uint64_t changes_ = 0;
};

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_JOURNAL_JOURNAL_H_
