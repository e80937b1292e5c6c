#include "mock_provider/admin/admin_query.h"

#include <fmt/format.h>

#include <algorithm>

#include "mock_provider/admin/percent_decoding.h"

namespace mock_provider {

std::string_view QueryOf(std::string_view target) {
  const std::size_t mark = target.find('?');
  return mark == target.npos ? std::string_view() : target.substr(mark + 1);
}

absl::StatusOr<std::string> ProviderInQuery(std::string_view query, const std::vector<std::string>& known) {
  constexpr std::string_view kProvider = "provider=";
  if (query.empty()) return std::string();
  if (!query.starts_with(kProvider) || query.find('&') != query.npos)
    return absl::InvalidArgumentError("the only query known here is ?provider=NAME");
  std::string name = PercentDecoded(query.substr(kProvider.size()));
  if (std::find(known.begin(), known.end(), name) == known.end())
    return absl::NotFoundError(fmt::format("no provider is called \"{}\"", name));
  return name;
}

}  // namespace mock_provider
