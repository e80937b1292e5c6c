#include "mock_provider/verdict/verdict.h"

#include <array>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "mock_provider/verdict/request_chains.h"

namespace mock_provider::verdict {
namespace {

constexpr std::array<std::vector<Finding> (*)(const Evidence&), 9> kFinders = {
    FindRetryAfterIgnored,     FindRetriedNonRetryable, FindRetryStorm, FindNoBackoff,
    FindIdempotencyKey,        FindParallelDuplicates,  FindGaveUp,     FindNoTimeout,
    FindKeptReadingAfterCancel};

}  // namespace

std::vector<Finding> Judge(const JournalView& entries, double now_ms, const Thresholds& limits) {
  const RequestChains requests = LinkRequests(entries, limits);
  const Evidence evidence{.entries = entries, .requests = requests, .now_ms = now_ms, .limits = limits};
  std::vector<Finding> findings;
  for (const auto find : kFinders) {
    auto found = find(evidence);
    std::move(found.begin(), found.end(), std::back_inserter(findings));
  }
  return findings;
}

std::vector<std::string> Kinds() {
  return {"retry_after_ignored",
          "retried_non_retryable",
          "retry_storm",
          "no_backoff",
          "idempotency_key_missing",
          "idempotency_key_changed",
          "parallel_duplicates",
          "gave_up",
          "no_timeout",
          "kept_reading_after_cancel"};
}

std::string VerdictJson(const std::vector<Finding>& findings, std::size_t requests) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Finding& finding : findings) {
    list.push_back({{"kind", finding.kind}, {"requests", finding.requests}, {"detail", finding.detail}});
  }
  return nlohmann::ordered_json(
             {{"ok", findings.empty()}, {"requests", requests}, {"findings", std::move(list)}})
      .dump();
}

}  // namespace mock_provider::verdict
