#include "mock_provider/journal/journal.h"

#include <algorithm>
#include <utility>

namespace mock_provider {
namespace {

constexpr std::size_t kReadAtOnce = 1024;

std::size_t SizeOf(const std::optional<std::string>& text) { return text ? text->size() : 0; }

// Where entries share a scenario's reply, it counts for each: others have one as large to themselves.
std::size_t SizeOf(const Reply& reply) {
  std::size_t size = SizeOf(reply.body) + SizeOf(reply.text);
  for (const ToolCall& call : reply.tool_calls) size += call.arguments.size();
  return size;
}

std::size_t SizeOf(const JournalEntry& entry) {
  std::size_t size = entry.body.size() + entry.target.size() + entry.model.size();
  for (const auto& [name, value] : entry.headers) size += name.size() + value.size();
  if (entry.action && entry.action->reply) size += SizeOf(*entry.action->reply);
  return size;
}

}  // namespace

std::uint64_t Journal::NextSeq() const {
  const std::lock_guard lock(mutex_);
  return total_ + 1;
}

Journal::Ticket Journal::Append(JournalEntry entry) {
  const std::lock_guard lock(mutex_);
  entry.seq = ++total_;
  bytes_ += SizeOf(entry);
  if (!entry.end_ms) ++open_;
  providers_.insert(entry.provider);
  slots_.push_back({.entry = std::make_shared<JournalEntry>(std::move(entry))});
  for (JournalObserver* observer : observers_) observer->Arrived(*slots_.back().entry);
  DropOldest();
  ++changes_;
  changed_.notify_all();
  return {.generation = generation_, .seq = total_};
}

void Journal::Update(const Ticket& ticket, absl::FunctionRef<void(JournalEntry&)> change) {
  const std::lock_guard lock(mutex_);
  JournalEntry* const entry = FindForChange(ticket);
  if (!entry) return;
  const std::size_t before = SizeOf(*entry);
  Change(*entry, change);
  bytes_ += SizeOf(*entry) - before;
  DropOldest();
}

void Journal::UpdateNumbers(const Ticket& ticket, absl::FunctionRef<void(JournalEntry&)> change) {
  const std::lock_guard lock(mutex_);
  if (JournalEntry* const entry = FindForChange(ticket)) Change(*entry, change);
}

JournalEntry* Journal::FindForChange(const Ticket& ticket) {
  if (ticket.generation != generation_ || slots_.empty() || ticket.seq < slots_.front().entry->seq)
    return nullptr;
  Slot& slot = slots_[ticket.seq - slots_.front().entry->seq];
  if (std::exchange(slot.read, false)) slot.entry = std::make_shared<JournalEntry>(*slot.entry);
  return slot.entry.get();
}

void Journal::Change(JournalEntry& entry, absl::FunctionRef<void(JournalEntry&)> change) {
  const bool was_open = !entry.end_ms;
  change(entry);
  if (was_open && entry.end_ms) {
    --open_;
    for (JournalObserver* observer : observers_) observer->Ended(entry);
  }
  ++changes_;
  changed_.notify_all();
}

void Journal::DropOldest() {
  while (slots_.size() > 1 && (slots_.size() > limits_.entries || bytes_ > limits_.bytes)) {
    const JournalEntry& oldest = *slots_.front().entry;
    bytes_ -= SizeOf(oldest);
    if (!oldest.end_ms) {
      --open_;
      for (JournalObserver* observer : observers_) observer->Ended(oldest);
    }
    slots_.pop_front();
  }
}

void Journal::Clear() {
  const std::lock_guard lock(mutex_);
  slots_.clear();
  for (JournalObserver* observer : observers_) observer->Cleared();
  providers_.clear();
  bytes_ = 0;
  open_ = 0;
  total_ = 0;
  ++generation_;
  ++changes_;
  changed_.notify_all();
}

Journal::Range Journal::All() const {
  const std::lock_guard lock(mutex_);
  return {.generation = generation_, .next = 1, .last = total_};
}

JournalView Journal::Read(Range& range, std::size_t entries, std::size_t bytes) const {
  JournalView read;
  const std::lock_guard lock(mutex_);
  if (range.generation != generation_ || slots_.empty()) range.next = range.last + 1;
  if (range.Empty()) return read;
  const std::uint64_t first = slots_.front().entry->seq;
  range.next = std::max(range.next, first);
  std::size_t size = 0;
  while (!range.Empty() && read.size() < entries && (read.empty() || size < bytes)) {
    const Slot& slot = slots_[range.next++ - first];
    slot.read = true;
    size += SizeOf(*slot.entry);
    read.Add(slot.entry);
  }
  return read;
}

JournalView Journal::Snapshot() const {
  JournalView all;
  Range range = All();
  while (!range.Empty()) {
    const JournalView some = Read(range, kReadAtOnce, SIZE_MAX);
    for (auto at = some.begin(); at != some.end(); ++at) all.Add(at.shared());
  }
  return all;
}

std::vector<JournalEntry> Journal::Entries() const {
  const JournalView all = Snapshot();
  return {all.begin(), all.end()};
}

std::uint64_t Journal::total() const {
  const std::lock_guard lock(mutex_);
  return total_;
}

std::vector<std::string> Journal::Providers() const {
  const std::lock_guard lock(mutex_);
  return {providers_.begin(), providers_.end()};
}

bool Journal::WaitForEnds(std::chrono::milliseconds timeout) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, timeout, [&] { return open_ == 0; });
}

bool Journal::WaitForTotal(std::chrono::milliseconds timeout, std::uint64_t total) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, timeout, [&] { return total_ >= total; });
}

bool Journal::WaitFor(std::chrono::milliseconds timeout,
                      const std::function<bool(const std::vector<JournalEntry>&)>& predicate) const {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  std::unique_lock lock(mutex_);
  while (true) {
    const std::uint64_t seen = changes_;
    lock.unlock();
    if (predicate(Entries())) return true;
    lock.lock();
    if (!changed_.wait_until(lock, deadline, [&] { return changes_ != seen; })) return false;
  }
}

}  // namespace mock_provider
