#include "mock_provider/verdict/request_chains.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "mock_provider/scenario/scenario_time.h"
#include "mock_provider/verdict/attempt.h"

namespace mock_provider::verdict {
namespace {

using Identity = std::tuple<std::string_view, std::string_view, std::string_view>;

// Chains by the end of their last attempt, those that have waited longest first.
using Waiting = std::set<std::pair<double, std::size_t>>;

// The chains of one body at one provider that another attempt may still follow. A journal may hold many that
// none ever will: they are looked up by the key of their last attempt, not gone through.
class SameRequests {
 public:
  // To be told of every entry before the first is added.
  void Expect(const JournalEntry& entry) {
    if (!IdempotencyKey(entry).empty())
      keys_.try_emplace(IdempotencyKey(entry), Uses{entry.seq, 0}).first->second.last = entry.seq;
  }

  void Add(const JournalEntry& entry, const Thresholds& thresholds, RequestChains& all) {
    const Arrival arrival{entry, thresholds, all};
    DropAnswered(arrival);
    const std::string_view key = IdempotencyKey(entry);
    const Waiting& own = by_key_[key];
    const Waiting& others = key.empty() ? keyed_ : by_key_[""];
    if (const auto open = std::max(arrival.LatestOpen(own), arrival.LatestOpen(others)))
      all.beside.emplace_back(all.chains[*open].back(), &entry);
    auto followed = arrival.First(own);
    if (!followed) followed = Earlier(arrival.First(others), UnderAnotherKey(arrival));
    if (followed) {
      Remove(*followed, *all.chains[followed->second].back());
      all.chains[followed->second].push_back(&entry);
    } else {
      all.chains.push_back({&entry});
    }
    Insert({EndOf(entry), followed ? followed->second : all.chains.size() - 1}, entry, all);
  }

 private:
  struct Uses {
    std::uint64_t first = 0, last = 0;  // seqs
  };
  using Place = Waiting::value_type;

  // An entry that comes, and what it finds.
  struct Arrival {
    const JournalEntry& entry;
    const Thresholds& thresholds;
    const RequestChains& all;

    bool HasEnded(double end) const {
      return MsBetween(entry.arrival_ms, end) <= thresholds.overlap_slack_ms;
    }
    bool IsTiredOf(const JournalEntry& last) const {
      return MsBetween(last.arrival_ms, entry.arrival_ms) > thresholds.duplicate_within_ms;
    }
    // The one that has waited longest of those that the entry can be the next attempt of.
    std::optional<Place> First(const Waiting& chains) const {
      for (const Place& place : chains) {
        if (HasEnded(place.first) || IsTiredOf(*all.chains[place.second].back())) return place;
      }
      return std::nullopt;
    }
    std::optional<std::size_t> LatestOpen(const Waiting& chains) const {
      std::optional<std::size_t> latest;
      for (auto place = chains.rbegin(); place != chains.rend() && !HasEnded(place->first); ++place)
        latest = std::max(latest, std::optional(place->second));
      return latest;
    }
  };

  static std::optional<Place> Earlier(const std::optional<Place>& one, const std::optional<Place>& other) {
    return !one || (other && *other < *one) ? other : one;
  }

  void DropAnswered(const Arrival& arrival) {
    while (!answered_.empty() && arrival.HasEnded(answered_.begin()->first)) {
      const Place place = *answered_.begin();
      Remove(place, *arrival.all.chains[place.second].back());
    }
  }

  // Another key is that of a retry only after what asks for one. A client that changes its key with each
  // attempt comes back to none of them.
  std::optional<Place> UnderAnotherKey(const Arrival& arrival) const {
    const auto uses = keys_.find(IdempotencyKey(arrival.entry));
    if (uses == keys_.end() || uses->second.first < arrival.entry.seq || given_up_keys_.empty())
      return std::nullopt;
    const Place& first = *given_up_keys_.begin();
    return arrival.HasEnded(first.first) ? std::optional(first) : std::nullopt;
  }

  void Remove(const Place& place, const JournalEntry& last) {
    by_key_[IdempotencyKey(last)].erase(place);
    for (Waiting* chains : {&keyed_, &given_up_keys_, &answered_}) chains->erase(place);
  }

  void Insert(const Place& place, const JournalEntry& last, const RequestChains& all) {
    const std::string_view key = IdempotencyKey(last);
    Waiting& of_key = by_key_[key];
    of_key.insert(place);
    if (OutcomeOf(last) == Outcome::kAnswered) answered_.insert(place);
    if (key.empty()) return;
    keyed_.insert(place);
    if (keys_.at(key).last > last.seq) return;
    for (const Place& waiting : of_key) {
      if (IsWorthARetry(*all.chains[waiting.second].back())) given_up_keys_.insert(waiting);
    }
  }

  std::map<std::string_view, Waiting> by_key_;  // also those without a key
  Waiting keyed_;                               // those with one
  Waiting given_up_keys_;                       // those worth a retry whose keys are not used any more
  Waiting answered_;                            // can be followed until their answers have ended
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
