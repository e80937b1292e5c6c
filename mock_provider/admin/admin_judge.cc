#include "mock_provider/admin/admin_judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "mock_provider/admin/admin_query.h"
#include "mock_provider/admin/expectation.h"
#include "mock_provider/admin/journal_filter.h"
#include "mock_provider/http/percent_decoding.h"
#include "mock_provider/scenario_file/json_document.h"
#include "mock_provider/scenario_file/nearest_name.h"
#include "mock_provider/scenario_file/object_reader.h"
#include "mock_provider/verdict/verdict.h"

namespace mock_provider {
namespace {

using verdict::Thresholds;

struct NamedThreshold {
  const char* name;
  double Thresholds::*value;
};

constexpr NamedThreshold kThresholds[] = {{"retry_after_slack_ms", &Thresholds::retry_after_slack_ms},
                                          {"min_backoff_ms", &Thresholds::min_backoff_ms},
                                          {"storm_attempts", &Thresholds::storm_attempts},
                                          {"overlap_slack_ms", &Thresholds::overlap_slack_ms},
                                          {"duplicate_within_ms", &Thresholds::duplicate_within_ms},
                                          {"cancel_slack_ms", &Thresholds::cancel_slack_ms},
                                          {"timeout_ms", &Thresholds::timeout_ms},
                                          {"give_up_ms", &Thresholds::give_up_ms},
                                          {"max_retry_after_ms", &Thresholds::max_retry_after_ms}};

absl::Status UnknownThreshold(const std::string& name) {
  std::vector<std::string> names;
  for (const NamedThreshold& known : kThresholds) names.emplace_back(known.name);
  const std::string nearest = NearestName(name, names);
  return absl::InvalidArgumentError(
      nearest.empty() ? fmt::format("{}: unknown threshold", name)
                      : fmt::format("{}: unknown threshold (did you mean \"{}\"?)", name, nearest));
}

absl::Status SetThreshold(const std::string& name, std::string_view value, Thresholds& limits) {
  const auto known = std::find_if(std::begin(kThresholds), std::end(kThresholds),
                                  [&](const NamedThreshold& threshold) { return threshold.name == name; });
  if (known == std::end(kThresholds)) return UnknownThreshold(name);
  const char* end = value.data() + value.size();
  double limit = 0;
  const auto [stop, error] = std::from_chars(value.data(), end, limit);
  if (error != std::errc() || stop != end || !(limit >= 0) || std::isinf(limit))
    return absl::InvalidArgumentError(fmt::format("{}: must be a number, 0 or more", name));
  limits.*known->value = limit;
  return absl::OkStatus();
}

struct JudgeQuery {
  Thresholds limits{};
  std::set<std::string> ignored{};  // kinds of findings
};

// `given`: kinds of findings, separated by commas.
absl::Status Ignore(std::string_view given, std::set<std::string>& ignored) {
  const std::string kinds = PercentDecoded(std::string(given));
  const std::vector<std::string> known = verdict::Kinds();
  for (std::size_t at = 0; at <= kinds.size();) {
    const std::size_t end = std::min(kinds.find(',', at), kinds.size());
    const std::string kind = kinds.substr(at, end - at);
    if (std::find(known.begin(), known.end(), kind) == known.end()) {
      const std::string nearest = NearestName(kind, known);
      return absl::InvalidArgumentError(
          fmt::format("ignore: \"{}\" is no kind of finding{}", kind,
                      nearest.empty() ? "" : fmt::format(" (did you mean \"{}\"?)", nearest)));
    }
    ignored.insert(kind);
    at = end + 1;
  }
  return absl::OkStatus();
}

absl::StatusOr<JudgeQuery> ParseJudgeQuery(const std::string& query) {
  const auto settings = SettingsInQuery(query);
  if (!settings.ok()) return settings.status();
  JudgeQuery parsed;
  for (const auto& [name, value] : *settings) {
    const absl::Status set = name == "ignore" ? Ignore(value, parsed.ignored)
                                              : SetThreshold(std::string(name), value, parsed.limits);
    if (!set.ok()) return set;
  }
  return parsed;
}

}  // namespace

absl::StatusOr<std::string> CountRequests(const JournalView& entries,
                                          const std::vector<std::string>& providers,
                                          const std::string& json) {
  const auto document = ParseJsonDocument(json);
  if (!document.ok()) return document.status();
  Mistakes mistakes;
  ObjectReader reader(*document, "", mistakes, "question");
  const JournalFilter filter = ParseJournalFilter(reader, providers, mistakes);
  reader.Finish();
  if (!mistakes.lines().empty()) return absl::InvalidArgumentError(mistakes.Joined());
  const std::size_t count = Select(entries, filter).size();
  const std::uint64_t forgotten = Forgotten(entries);
  if (forgotten > 0) return fmt::format(R"({{"count":{},"forgotten":{}}})", count, forgotten);
  return fmt::format(R"({{"count":{}}})", count);
}

absl::StatusOr<HttpAnswer> VerifyRequests(const JournalView& entries,
                                          const std::vector<std::string>& providers,
                                          const std::string& json) {
  const auto expectation = ParseExpectation(json, providers);
  if (!expectation.ok()) return expectation.status();
  const Verification found = Verify(*expectation, entries);
  nlohmann::ordered_json body = {{"ok", found.differences.empty()},
                                 {"count", found.requests.size()},
                                 {"requests", found.requests},
                                 {"differences", found.differences}};
  return JsonAnswer(body.dump(), found.differences.empty() ? 200 : 422);
}

absl::StatusOr<std::string> JudgeRequests(const JournalView& entries, double now_ms,
                                          const std::string& query) {
  const auto parsed = ParseJudgeQuery(query);
  if (!parsed.ok()) return parsed.status();
  std::vector<verdict::Finding> findings = verdict::Judge(entries, now_ms, parsed->limits);
  std::erase_if(findings, [&](const auto& finding) { return parsed->ignored.contains(finding.kind); });
  return verdict::VerdictJson(findings, entries.size());
}

}  // namespace mock_provider
