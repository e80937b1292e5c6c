#include "mock_provider/verdict/request_chains.h"

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
    for (const std::size_t chain : followable_) {
      const JournalEntry& last = *all.chains[chain].back();
      const bool ended = ended_before(last);
      const bool tired = MsBetween(last.arrival_ms, entry.arrival_ms) > thresholds.duplicate_within_ms;
      if (!ended) open = &last;
      // Of several, the one that has waited longest.
      if ((ended || tired) && (followed == none || EndOf(last) < EndOf(*all.chains[followed].back())))
        followed = chain;
    }
    if (open) all.beside.emplace_back(open, &entry);
    if (followed == none) {
      followable_.push_back(none);
      all.chains.emplace_back();
    }
    all.chains[followed].push_back(&entry);
  }

 private:
  std::vector<std::size_t> followable_;
};

}  // namespace

RequestChains LinkRequests(const JournalView& entries, const Thresholds& thresholds) {
  RequestChains all;
  std::map<Identity, SameRequests> known;
  for (const JournalEntry& entry : entries) {
    if (entry.method != "POST") continue;
    known[{entry.provider, entry.target, entry.body}].Add(entry, thresholds, all);
  }
  return all;
}

}  // namespace mock_provider::verdict
