#include "mock_provider/verdict/request_chains.h"

#include <cstdint>
#include <map>
#include <string_view>
#include <tuple>

#include "mock_provider/scenario/scenario_time.h"
#include "mock_provider/verdict/attempt.h"

namespace mock_provider::verdict {
namespace {

using Identity = std::tuple<std::string_view, std::string_view, std::string_view>;

// The chains of one body at one provider that another attempt may still follow.
class SameRequests {
 public:
  // To be told of every entry before the first is added.
  void Expect(const JournalEntry& entry) {
    if (!IdempotencyKey(entry).empty())
      keys_.try_emplace(IdempotencyKey(entry), Uses{entry.seq, 0}).first->second.last = entry.seq;
  }

  void Add(const JournalEntry& entry, const Thresholds& thresholds, RequestChains& all) {
    const auto ended_before = [&](const JournalEntry& earlier) {
      return MsBetween(entry.arrival_ms, EndOf(earlier)) <= thresholds.overlap_slack_ms;
    };
    std::erase_if(followable_, [&](std::size_t chain) {
      const JournalEntry& last = *all.chains[chain].back();
      return OutcomeOf(last) == Outcome::kAnswered && ended_before(last);
    });
    const JournalEntry* open = nullptr;
    const std::size_t none = all.chains.size();
    std::size_t followed = none;
    // The chain with its own key, or else, of several, the one that has waited longest.
    const auto suits_better = [&](const JournalEntry& last) {
      if (followed == none) return true;
      const JournalEntry& other = *all.chains[followed].back();
      const bool own = IdempotencyKey(last) == IdempotencyKey(entry),
                 other_own = IdempotencyKey(other) == IdempotencyKey(entry);
      return own != other_own ? own : EndOf(last) < EndOf(other);
    };
    for (const std::size_t chain : followable_) {
      const JournalEntry& last = *all.chains[chain].back();
      const bool ended = ended_before(last);
      if (AreTwoRequests(last, ended, entry)) continue;
      const bool tired = MsBetween(last.arrival_ms, entry.arrival_ms) > thresholds.duplicate_within_ms;
      if (!ended) open = &last;
      if ((ended || tired) && suits_better(last)) followed = chain;
    }
    if (open) all.beside.emplace_back(open, &entry);
    if (followed == none) {
      followable_.push_back(none);
      all.chains.emplace_back();
    }
    all.chains[followed].push_back(&entry);
  }

 private:
  struct Uses {
    std::uint64_t first = 0, last = 0;  // seqs
  };

  // Another key is that of a retry only after what asks for one. A client that changes its key with each
  // attempt comes back to none of them.
  bool AreTwoRequests(const JournalEntry& earlier, bool ended, const JournalEntry& entry) const {
    const std::string_view key = IdempotencyKey(earlier), own = IdempotencyKey(entry);
    if (key.empty() || own.empty() || key == own) return false;
    if (!ended || !IsWorthARetry(earlier)) return true;
    return keys_.at(key).last > entry.seq || keys_.at(own).first < entry.seq;
  }

  std::vector<std::size_t> followable_;
  std::map<std::string_view, Uses> keys_;
};

}  // namespace

RequestChains LinkRequests(const JournalView& entries, const Thresholds& thresholds) {
  RequestChains all;
  std::map<Identity, SameRequests> known;
  for (const JournalEntry& entry : entries) {
    if (entry.method == "POST") known[{entry.provider, entry.target, entry.body}].Expect(entry);
  }
  for (const JournalEntry& entry : entries) {
    if (entry.method != "POST") continue;
    known[{entry.provider, entry.target, entry.body}].Add(entry, thresholds, all);
  }
  return all;
}

}  // namespace mock_provider::verdict
