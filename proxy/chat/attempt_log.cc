#include "proxy/chat/attempt_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "proxy/http/cut_status.h"
#include "proxy/http/json_text.h"
#include "proxy/log_line.h"

namespace arbstr::proxy {
namespace {

using JsonValue = nlohmann::ordered_json;

int64_t Millis(std::chrono::steady_clock::duration d) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(d).count();
}

}  // namespace

std::string FailureText(int status, std::string_view error) {
  std::string text = fmt::format("{} ", status);
  AppendQuoted(text, error);
  return text;
}

void AttemptLog::Begin(const std::string& provider, TimePoint now, std::chrono::milliseconds waited) {
  attempts_.push_back({&provider, Millis(now - arrived_), waited.count(), 0, 0, AttemptVerdict::kCut, ""});
}

void AttemptLog::End(int status, std::string error, AttemptVerdict verdict, TimePoint now) {
  Attempt& attempt = attempts_.back();
  attempt.ms = Millis(now - arrived_) - attempt.at_ms;
  attempt.status = status;
  attempt.verdict = verdict;
  attempt.error = std::move(error);
}

bool AttemptLog::any_failed() const {
  return std::ranges::find(attempts_, AttemptVerdict::kFailed, &Attempt::verdict) != attempts_.end();
}

bool AttemptLog::TellsMoreThanTheRow() const {
  if (attempts_.empty()) return false;
  const Attempt& last = attempts_.back();
  return any_failed() || (last.verdict == AttemptVerdict::kAnswered && IsCutStatus(last.status));
}

std::string AttemptLog::Retries() const {
  std::vector<std::pair<const std::string*, int>> counts;
  for (const Attempt& attempt : attempts_) {
    if (attempt.verdict != AttemptVerdict::kFailed) continue;
    const auto found =
        std::ranges::find_if(counts, [&](const auto& c) { return *c.first == *attempt.provider; });
    if (found == counts.end()) {
      counts.emplace_back(attempt.provider, 1);
    } else {
      ++found->second;
    }
  }
  std::string text;
  for (const auto& [provider, count] : counts) {
    text += fmt::format("{}{}/{}", text.empty() ? "" : ", ", count, *provider);
  }
  return text;
}

std::string AttemptLog::Failures() const {
  std::string text;
  for (const Attempt& attempt : attempts_) {
    if (attempt.verdict != AttemptVerdict::kFailed) continue;
    text += fmt::format("{}{} {} after {} ms: {}", text.empty() ? "" : "; ", *attempt.provider,
                        attempt.status, attempt.ms, attempt.error);
  }
  return text;
}

std::string AttemptLog::Json() const {
  auto json = JsonValue::array();
  for (const Attempt& attempt : attempts_) {
    json.push_back({{"provider", *attempt.provider},
                    {"at_ms", attempt.at_ms},
                    {"ms", attempt.ms},
                    {"status", attempt.status},
                    {"error", attempt.error.empty() ? JsonValue(nullptr) : JsonValue(attempt.error)},
                    {"waited_ms", attempt.waited_ms}});
  }
  return JsonText(json);
}

}  // namespace arbstr::proxy
