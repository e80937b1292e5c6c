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
#include <set>
#include <string>
#include <vector>

#include "mock_provider/journal/journal_entry.h"
#include "mock_provider/journal/journal_view.h"

namespace mock_provider {

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

  // What is there now. Whoever writes to the journal waits for it for moments only, however long it is.
  JournalView Snapshot() const;
  std::vector<JournalEntry> Entries() const;  // the same, copied
  std::uint64_t total() const;                // dropped ones included
  // Of all entries since the last Clear, dropped ones included.
  std::vector<std::string> Providers() const;

  // A range of seqs that is read bit by bit.
  struct Range {
    std::uint64_t generation = 0;
    std::uint64_t next = 1, last = 0;
    bool Empty() const { return next > last; }
  };
  Range All() const;
  // The next entries, one at least where there are any, no more than that many and hardly more bytes than
  // that, and leaves the rest of the range. After a Clear none is left.
  JournalView Read(Range& range, std::size_t entries, std::size_t bytes) const;

  // Waits until the predicate holds over the entries; false when it did not in time. It runs on the caller's
  // thread without a lock held.
  bool WaitFor(std::chrono::milliseconds timeout,
               const std::function<bool(const std::vector<JournalEntry>&)>& predicate) const;
  // Waits until every answer has come to its end; false when one had not in time.
  bool WaitForEnds(std::chrono::milliseconds timeout) const;
  // Waits for that many entries in all, without looking at any of them.
  bool WaitForTotal(std::chrono::milliseconds timeout, std::uint64_t total) const;

 private:
  // A reader's copy of the pointer lives as long as it likes: what has been read is copied before it changes.
  struct Slot {
    std::shared_ptr<JournalEntry> entry;
    mutable bool read = false;
  };

  // Null: it is gone.
  JournalEntry* FindForChange(const Ticket& ticket);
  void Change(JournalEntry& entry, absl::FunctionRef<void(JournalEntry&)> change);
  void DropOldest();

  const Limits limits_;
  std::vector<JournalObserver*> observers_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::deque<Slot> slots_;
  std::set<std::string> providers_;
  std::size_t bytes_ = 0;
  std::size_t open_ = 0;  // entries without an end
  std::uint64_t total_ = 0;
  std::uint64_t generation_ = 0;
  std::uint64_t changes_ = 0;
};

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_JOURNAL_JOURNAL_H_
