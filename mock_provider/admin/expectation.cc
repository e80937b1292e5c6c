#include "mock_provider/admin/expectation.h"

#include <fmt/format.h>

#include <algorithm>

#include "mock_provider/scenario/scenario_time.h"
#include "mock_provider/scenario_file/json_document.h"
#include "mock_provider/scenario_file/object_reader.h"
#include "mock_provider/scenario_file/parse_match.h"

namespace mock_provider {
namespace {

constexpr std::int64_t kMaxCount = 1'000'000'000;

// A match by itself, or an object with "provider" and "match".
JournalFilter ParsePlace(const nlohmann::ordered_json& value, const std::string& path,
                         const std::vector<std::string>& providers, Mistakes& mistakes) {
  if (!value.is_object() || !(value.contains("match") || value.contains("provider")))
    return {.provider = {}, .match = ParseMatch(value, path, mistakes)};
  ObjectReader reader(value, path, mistakes);
  JournalFilter filter = ParseJournalFilter(reader, providers, mistakes);
  reader.Finish();
  return filter;
}

void CompareGaps(const Expectation& wanted, const JournalView& entries,
                 std::vector<std::string>& differences) {
  for (std::size_t i = 1; i < entries.size(); ++i) {
    const double gap = MsBetween(entries[i - 1].arrival_ms, entries[i].arrival_ms);
    const auto differs = [&](const char* how, const char* field, double bound) {
      differences.push_back(fmt::format("requests {} and {} came {} ms apart, {} {} {}", entries[i - 1].seq,
                                        entries[i].seq, gap, how, field, bound));
    };
    if (wanted.min_gap_ms && gap < *wanted.min_gap_ms) differs("less than", "min_gap_ms", *wanted.min_gap_ms);
    if (wanted.max_gap_ms && gap > *wanted.max_gap_ms) differs("more than", "max_gap_ms", *wanted.max_gap_ms);
  }
}

void CompareOrder(const Expectation& wanted, const JournalView& entries,
                  std::vector<std::string>& differences) {
  auto next = entries.begin();
  std::uint64_t last = 0;
  for (std::size_t i = 0; i < wanted.order.size(); ++i) {
    next = std::find_if(next, entries.end(),
                        [&](const JournalEntry& entry) { return Fits(wanted.order[i], entry); });
    if (next == entries.end()) {
      differences.push_back(last == 0 ? fmt::format("order[{}]: no request fits", i)
                                      : fmt::format("order[{}]: no request after {} fits", i, last));
      return;
    }
    last = next->seq;
    ++next;
  }
}

}  // namespace

absl::StatusOr<Expectation> ParseExpectation(const std::string& text,
                                             const std::vector<std::string>& providers) {
  const auto document = ParseJsonDocument(text);
  if (!document.ok()) return document.status();
  Mistakes mistakes;
  ObjectReader reader(*document, "", mistakes, "expectation");
  Expectation wanted;
  wanted.about = ParseJournalFilter(reader, providers, mistakes);
  wanted.count = reader.Integer("count", 0, kMaxCount);
  wanted.min_gap_ms = reader.Number("min_gap_ms", 0);
  wanted.max_gap_ms = reader.Number("max_gap_ms", 0);
  if (wanted.min_gap_ms && wanted.max_gap_ms && *wanted.min_gap_ms > *wanted.max_gap_ms)
    reader.Mistake("min_gap_ms", "contradictory: more than max_gap_ms");
  reader.Each("order", [&](const nlohmann::ordered_json& element, const std::string& path) {
    wanted.order.push_back(ParsePlace(element, path, providers, mistakes));
  });
  if (reader.Has("order") && wanted.order.empty()) reader.Mistake("order", "needs at least one match");
  reader.Finish();
  const bool expects =
      reader.Has("count") || reader.Has("min_gap_ms") || reader.Has("max_gap_ms") || reader.Has("order");
  if (document->is_object() && !expects)
    mistakes.Add("", "expects nothing: give count, min_gap_ms, max_gap_ms or order");
  if (!mistakes.lines().empty()) return absl::InvalidArgumentError(mistakes.Joined());
  return wanted;
}

Verification Verify(const Expectation& wanted, const JournalView& all) {
  Verification found;
  const auto entries = Select(all, wanted.about);
  for (const JournalEntry& entry : entries) found.requests.push_back(entry.seq);
  if (wanted.count && static_cast<std::size_t>(*wanted.count) != entries.size())
    found.differences.push_back(fmt::format("count: {} expected, {} found", *wanted.count, entries.size()));
  if (const std::uint64_t forgotten = Forgotten(all); forgotten > 0)
    found.differences.push_back(fmt::format("the journal has forgotten {} requests before these", forgotten));
  CompareGaps(wanted, entries, found.differences);
  CompareOrder(wanted, entries, found.differences);
  return found;
}

}  // namespace mock_provider
