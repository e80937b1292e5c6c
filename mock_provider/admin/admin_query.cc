#include "mock_provider/admin/admin_query.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "mock_provider/http/percent_decoding.h"
#include "mock_provider/scenario/whole_number.h"

namespace mock_provider {
namespace {

absl::StatusOr<std::string> KnownProvider(std::string_view encoded, const std::vector<std::string>& known) {
  std::string spaced(encoded);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  std::string name = PercentDecoded(spaced);
  if (std::find(known.begin(), known.end(), name) == known.end())
    return absl::NotFoundError(fmt::format("no provider is called \"{}\"", name));
  return name;
}

absl::Status ReadNumber(std::string_view name, std::string_view value, std::uint64_t& number) {
  constexpr std::uint64_t kMost = 1'000'000'000'000'000;
  number = WholeNumber<std::uint64_t>(value).value_or(kMost + 1);
  if (number <= kMost) return absl::OkStatus();
  return absl::InvalidArgumentError(fmt::format("{}: must be a whole number, 0 or more", name));
}

}  // namespace

std::string_view QueryOf(std::string_view target) {
  const std::size_t mark = target.find('?');
  return mark == target.npos ? std::string_view() : target.substr(mark + 1);
}

absl::StatusOr<std::string> ProviderInQuery(std::string_view query, const std::vector<std::string>& known) {
  constexpr std::string_view kProvider = "provider=";
  if (query.empty()) return std::string();
  if (!query.starts_with(kProvider) || query.find('&') != query.npos)
    return absl::InvalidArgumentError("the only query known here is ?provider=NAME");
  return KnownProvider(query.substr(kProvider.size()), known);
}

absl::StatusOr<std::vector<QuerySetting>> SettingsInQuery(std::string_view query) {
  std::vector<QuerySetting> settings;
  while (!query.empty()) {
    const std::string_view setting = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(setting.size() + 1, query.size()));
    const std::string_view name = setting.substr(0, setting.find('='));
    const std::string_view value = setting.substr(std::min(name.size() + 1, setting.size()));
    const auto same_name = [&](const QuerySetting& given) { return given.name == name; };
    if (std::any_of(settings.begin(), settings.end(), same_name))
      return absl::InvalidArgumentError(fmt::format("{}: given twice", name));
    settings.push_back({.name = name, .value = value});
  }
  return settings;
}

absl::StatusOr<JournalText::Selection> SelectionInQuery(std::string_view query,
                                                        const std::vector<std::string>& known) {
  const auto settings = SettingsInQuery(query);
  if (!settings.ok()) return settings.status();
  JournalText::Selection selection;
  for (const auto& [name, value] : *settings) {
    absl::Status status;
    if (name == "provider") {
      const auto provider = KnownProvider(value, known);
      status = provider.status();
      if (provider.ok()) selection.provider = *provider;
    } else if (name == "since") {
      status = ReadNumber(name, value, selection.since);
    } else if (name == "limit") {
      status = ReadNumber(name, value, selection.limit);
    } else {
      status = absl::InvalidArgumentError("the only query known here is ?provider=NAME&since=SEQ&limit=N");
    }
    if (!status.ok()) return status;
  }
  return selection;
}

}  // namespace mock_provider
