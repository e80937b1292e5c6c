#include "proxy/server/log_parameters.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "proxy/http/percent_encoding.h"
#include "proxy/server/rfc3339.h"
#include "request_log/timestamp.h"

namespace arbstr::proxy {
namespace {

using request_log::LogTime;
using request_log::RowFilter;
using std::chrono::hours;

constexpr std::int64_t kMostPerPage = 100;

// The quoted part of a message: enough to recognise, however long it was.
std::string Shown(const std::string& text) { return text.size() <= 64 ? text : text.substr(0, 64) + "…"; }

// Reads values one by one and keeps the first mistake. Of the names it looks no further than that: the others
// are then the known ones, each once, however many were given.
class Parameters {
 public:
  Parameters(std::string_view target, const std::vector<std::string>& known)
      : given_(QueryParameters(target)) {
    for (size_t i = 0; i < given_.size() && !mistake_; ++i) {
      const std::string& name = given_[i].first;
      if (std::ranges::find(known, name) == known.end()) {
        Refuse(name,
               fmt::format("Unknown parameter \"{}\": there are {}.", Shown(name), fmt::join(known, ", ")));
      }
      for (size_t k = 0; k < i; ++k) {
        if (given_[k].first == name) Refuse(name, fmt::format("Give \"{}\" once.", Shown(name)));
      }
    }
  }

  const std::optional<ApiError>& mistake() const { return mistake_; }
  void Refuse(const std::string& name, std::string message) {
    if (!mistake_) mistake_ = ApiError{400, "invalid_parameter", std::move(message), Shown(name)};
  }

  const std::string* Find(const std::string& name) const {
    const auto found = std::ranges::find(given_, name, &std::pair<std::string, std::string>::first);
    return found == given_.end() ? nullptr : &found->second;
  }
  void Text(const std::string& name, std::optional<std::string>& value) {
    const std::string* const text = Find(name);
    if (text == nullptr) return;
    if (text->empty()) return Refuse(name, fmt::format("\"{}\" must not be empty: leave it out.", name));
    value = *text;
  }
  void Time(const std::string& name, std::optional<LogTime>& value) {
    const std::string* const text = Find(name);
    if (text == nullptr) return;
    value = ParseRfc3339(*text);
    if (value) return;
    Refuse(name, fmt::format("\"{}\" is not \"{}\": a time of RFC 3339, such as 2026-01-31T12:00:00Z.",
                             Shown(*text), name));
  }
  void Integer(const std::string& name, std::int64_t least, std::int64_t most, std::int64_t& value) {
    const std::string* const text = Find(name);
    if (text == nullptr) return;
    const char* const end = text->data() + text->size();
    const auto [stop, error] = std::from_chars(text->data(), end, value);
    if (error == std::errc() && stop == end && value >= least && value <= most) return;
    Refuse(name, fmt::format("\"{}\" must be a whole number from {} to {}.", name, least, most));
  }
  // One of the named values.
  template <typename T, typename Target>
  void Choice(const std::string& name, const std::vector<std::pair<std::string, T>>& choices, Target& value) {
    const std::string* const text = Find(name);
    if (text == nullptr) return;
    std::vector<std::string> names;
    for (const auto& [choice, meaning] : choices) {
      if (choice == *text) {
        value = meaning;
        return;
      }
      names.push_back(choice);
    }
    Refuse(name, fmt::format("\"{}\" must be one of {}.", name, fmt::join(names, ", ")));
  }

 private:
  const std::vector<std::pair<std::string, std::string>> given_;
  std::optional<ApiError> mistake_;
};

const std::vector<std::pair<std::string, bool>>& Booleans() {
  static const std::vector<std::pair<std::string, bool>> kBooleans = {{"true", true}, {"false", false}};
  return kBooleans;
}

void ReadRange(Parameters& parameters, std::chrono::system_clock::time_point now, RowFilter& filter) {
  hours range{7 * 24};
  parameters.Choice<hours>("range",
                           {{"last_1h", hours(1)},
                            {"last_24h", hours(24)},
                            {"last_7d", hours(7 * 24)},
                            {"last_30d", hours(30 * 24)}},
                           range);
  std::optional<LogTime> since, until;
  parameters.Time("since", since);
  parameters.Time("until", until);
  filter.until =
      until.value_or(std::chrono::floor<std::chrono::milliseconds>(now) + std::chrono::milliseconds(1));
  filter.since = since.value_or(std::max<LogTime>(filter.until - range, request_log::kEarliestTimestamp));
  if (filter.since >= filter.until) {
    parameters.Refuse("since", until ? "\"since\" must be before \"until\"."
                                     : "\"since\" is in the future: without \"until\" the range ends now.");
  }
}

void ReadNames(Parameters& parameters, RowFilter& filter) {
  parameters.Text("model", filter.model);
  parameters.Text("provider", filter.provider);
}

}  // namespace

std::variant<request_log::PageQuery, ApiError> ReadPageQuery(std::string_view target,
                                                             std::chrono::system_clock::time_point now) {
  using request_log::SortBy;
  Parameters parameters(target, {"page", "per_page", "sort", "order", "success", "streaming", "model",
                                 "provider", "range", "since", "until"});
  request_log::PageQuery query;
  std::int64_t per_page = query.per_page;
  parameters.Integer("per_page", 1, kMostPerPage, per_page);
  per_page = std::clamp<std::int64_t>(per_page, 1, kMostPerPage);
  query.per_page = static_cast<int>(per_page);
  parameters.Integer("page", 1, request_log::kDeepestRow / per_page, query.page);
  parameters.Choice<SortBy>("sort",
                            {{"timestamp", SortBy::kTimestamp},
                             {"cost_sats", SortBy::kCostSats},
                             {"latency_ms", SortBy::kLatencyMs}},
                            query.sort);
  parameters.Choice<bool>("order", {{"asc", false}, {"desc", true}}, query.descending);
  parameters.Choice("success", Booleans(), query.filter.success);
  parameters.Choice("streaming", Booleans(), query.filter.streaming);
  ReadNames(parameters, query.filter);
  ReadRange(parameters, now, query.filter);
  if (parameters.mistake()) return *parameters.mistake();
  return query;
}

std::variant<request_log::StatsQuery, ApiError> ReadStatsQuery(std::string_view target,
                                                               std::chrono::system_clock::time_point now) {
  using request_log::GroupBy;
  Parameters parameters(target, {"range", "since", "until", "model", "provider", "group_by"});
  request_log::StatsQuery query;
  parameters.Choice<GroupBy>("group_by", {{"model", GroupBy::kModel}, {"provider", GroupBy::kProvider}},
                             query.group_by);
  ReadNames(parameters, query.filter);
  ReadRange(parameters, now, query.filter);
  if (parameters.mistake()) return *parameters.mistake();
  return query;
}

}  // namespace arbstr::proxy
