#include "proxy/chat/skipped_candidates.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "proxy/http/json_text.h"

namespace arbstr::proxy {
namespace {

const char* NameOf(SkippedCandidates::Reason reason) {
  return reason == SkippedCandidates::Reason::kBreakerOpen ? "breaker_open" : "at_capacity";
}

}  // namespace

std::string SkippedCandidates::Text() const {
  std::string text;
  for (const auto& [provider, reason] : skipped_)
    text += fmt::format("{}{}:{}", text.empty() ? "" : ",", *provider, NameOf(reason));
  return text;
}

std::string SkippedCandidates::Json() const {
  auto json = nlohmann::ordered_json::array();
  for (const auto& [provider, reason] : skipped_)
    json.push_back({{"provider", *provider}, {"reason", NameOf(reason)}});
  return JsonText(json);
}

std::string SkippedCandidates::Sentence() const {
  std::string text;
  for (const auto& [provider, reason] : skipped_) {
    const bool open = reason == Reason::kBreakerOpen;
    text += fmt::format("{}{}{}{}", text.empty() ? "" : ", ", open ? "the breaker of " : "", *provider,
                        open ? " is open" : " is at its max_concurrency");
  }
  return text;
}

}  // namespace arbstr::proxy
