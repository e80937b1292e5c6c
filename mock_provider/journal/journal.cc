#include "mock_provider/journal/journal.h"

#include <algorithm>

#include "mock_provider/scenario/scenario_time.h"

namespace mock_provider {
namespace {

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

void NoteSilence(JournalEntry& entry, double now_ms) {
  entry.silence_ms =
      std::max(entry.silence_ms, MsBetween(entry.last_byte_ms.value_or(entry.arrival_ms), now_ms));
}

std::uint64_t Journal::NextSeq() const {
  const std::lock_guard lock(mutex_);
  return total_ + 1;
}

Journal::Ticket Journal::Append(JournalEntry entry) {
  const std::lock_guard lock(mutex_);
  entry.seq = ++total_;
  bytes_ += SizeOf(entry);
  entries_.push_back(std::move(entry));
  for (JournalObserver* observer : observers_) observer->Arrived(entries_.back());
  DropOldest();
  ++changes_;
  changed_.notify_all();
  return {.generation = generation_, .seq = total_};
}

void Journal::Update(const Ticket& ticket, absl::FunctionRef<void(JournalEntry&)> change) {
  const std::lock_guard lock(mutex_);
  JournalEntry* const entry = Find(ticket);
  if (!entry) return;
  const std::size_t before = SizeOf(*entry);
  Change(*entry, change);
  bytes_ += SizeOf(*entry) - before;
  DropOldest();
}

void Journal::UpdateNumbers(const Ticket& ticket, absl::FunctionRef<void(JournalEntry&)> change) {
  const std::lock_guard lock(mutex_);
  if (JournalEntry* const entry = Find(ticket)) Change(*entry, change);
}

JournalEntry* Journal::Find(const Ticket& ticket) {
  if (ticket.generation != generation_ || entries_.empty() || ticket.seq < entries_.front().seq) {
    return nullptr;
  }
  return &entries_[ticket.seq - entries_.front().seq];
}

void Journal::Change(JournalEntry& entry, absl::FunctionRef<void(JournalEntry&)> change) {
  const bool was_open = !entry.end_ms;
  change(entry);
  if (was_open && entry.end_ms) {
    for (JournalObserver* observer : observers_) observer->Ended(entry);
  }
  ++changes_;
  changed_.notify_all();
}

void Journal::DropOldest() {
  while (entries_.size() > 1 && (entries_.size() > limits_.entries || bytes_ > limits_.bytes)) {
    bytes_ -= SizeOf(entries_.front());
    if (!entries_.front().end_ms) {
      for (JournalObserver* observer : observers_) observer->Ended(entries_.front());
    }
    entries_.pop_front();
  }
}

void Journal::Clear() {
  const std::lock_guard lock(mutex_);
  entries_.clear();
  for (JournalObserver* observer : observers_) observer->Cleared();
  bytes_ = 0;
  total_ = 0;
  ++generation_;
  ++changes_;
  changed_.notify_all();
}

std::vector<JournalEntry> Journal::Entries() const {
  const std::lock_guard lock(mutex_);
  return {entries_.begin(), entries_.end()};
}

std::uint64_t Journal::total() const {
  const std::lock_guard lock(mutex_);
  return total_;
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
    const std::vector<JournalEntry> entries(entries_.begin(), entries_.end());
    lock.unlock();
    if (predicate(entries)) return true;
    lock.lock();
    if (!changed_.wait_until(lock, deadline, [&] { return changes_ != seen; })) return false;
  }
}

}  // namespace mock_provider
