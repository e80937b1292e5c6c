#include "mock_provider/record_file.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "mock_provider/http/header_name.h"
#include "mock_provider/http/masked_key.h"
#include "mock_provider/http/percent_decoding.h"
#include "mock_provider/journal/journal_json.h"
#include "mock_provider/scenario/dialect.h"
#include "mock_provider/user_file.h"

namespace mock_provider {
namespace {

// Headers that carry a key, if not in a dialect that the mock speaks then in that of an upstream.
bool CarriesKey(std::string_view header) {
  return IsKeyHeader(header) || header == "x-goog-api-key" || header == "proxy-authorization";
}

bool IsKeyParameter(std::string_view encoded_name) {
  constexpr std::array<std::string_view, 4> kNames = {"key", "api-key", "api_key", "access_token"};
  const std::string name = LowerCaseName(PercentDecoded(encoded_name));
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

// A request's path with the keys of its query masked.
std::string WithoutKeys(std::string_view target) {
  std::size_t begin = std::min(target.find('?'), target.size());
  std::string masked(target.substr(0, begin));
  while (begin < target.size()) {  // at a ? or a &
    const std::size_t end = std::min(target.find('&', begin + 1), target.size());
    const std::string_view parameter = target.substr(begin, end - begin);
    const std::size_t value = parameter.find('=') + 1;  // 0: there is none
    if (value > 0 && IsKeyParameter(parameter.substr(1, value - 2))) {
      masked.append(parameter.substr(0, value)).append(MaskedKey(std::string(parameter.substr(value))));
    } else {
      masked.append(parameter);
    }
    begin = end;
  }
  return masked;
}

}  // namespace

absl::Status WriteRecord(const std::string& file, std::vector<JournalEntry> entries, std::uint64_t total) {
  for (JournalEntry& entry : entries) {
    entry.target = WithoutKeys(entry.target);
    for (auto& [name, value] : entry.headers) {
      if (CarriesKey(name)) value = MaskedKey(value);
      if (name == "cookie") value = "***";
    }
  }
  return WriteUserFile(file, JournalJson(entries, total) + "\n");
}

}  // namespace mock_provider
