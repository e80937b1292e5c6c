// Entries of the journal as they were at one time, shared with it and never changed.
#ifndef ARBSTR_MOCK_PROVIDER_JOURNAL_JOURNAL_VIEW_H_
#define ARBSTR_MOCK_PROVIDER_JOURNAL_JOURNAL_VIEW_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include "mock_provider/journal/journal_entry.h"

namespace mock_provider {

class JournalView {
 public:
  using Shared = std::shared_ptr<const JournalEntry>;

  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = JournalEntry;
    using difference_type = std::ptrdiff_t;
    using pointer = const JournalEntry*;
    using reference = const JournalEntry&;

    explicit Iterator(std::vector<Shared>::const_iterator at) : at_(at) {}
    reference operator*() const { return **at_; }
    pointer operator->() const { return at_->get(); }
    Iterator& operator++() { return ++at_, *this; }
    bool operator==(const Iterator&) const = default;

    const Shared& shared() const { return *at_; }

   private:
    std::vector<Shared>::const_iterator at_;
  };

  JournalView() = default;
  explicit JournalView(std::vector<Shared> entries) : entries_(std::move(entries)) {}
  // By hand.
  JournalView(std::initializer_list<JournalEntry> entries)
      : JournalView(std::vector<JournalEntry>(entries)) {}
  JournalView(std::vector<JournalEntry> entries) {
    for (JournalEntry& entry : entries)
      entries_.push_back(std::make_shared<const JournalEntry>(std::move(entry)));
  }

  void Add(Shared entry) { entries_.push_back(std::move(entry)); }

  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  const JournalEntry& operator[](std::size_t i) const { return *entries_[i]; }
  Iterator begin() const { return Iterator(entries_.begin()); }
  Iterator end() const { return Iterator(entries_.end()); }

 private:
  std::vector<Shared> entries_;
};

// How many entries the journal had forgotten by the time of this view of all of them.
inline std::uint64_t Forgotten(const JournalView& all) {
  return all.empty() ? 0 : all[all.size() - 1].seq - all.size();
}

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_JOURNAL_JOURNAL_VIEW_H_
