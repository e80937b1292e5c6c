// A configuration's text: a config, or mistakes with their places, a line each. Whatever the keys are, what
// is shown is the same.
#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "proxy/config/describe.h"
#include "proxy/config/load.h"

namespace {

using arbstr::proxy::Config;
using arbstr::proxy::LoadResult;

constexpr size_t kLimit = 1 << 13;
constexpr std::string_view kFile = "f.toml";
// Alike in the beginning, which masks show.
const std::string kKey = "Sk-Secret-0123456789abcdef", kOtherKey = "Sk-Se~42-quite-another";

void Promise(bool kept) {
  if (!kept) std::abort();
}

bool HasNumber(std::string_view& text) {
  const auto digits = static_cast<size_t>(
      std::ranges::find_if_not(text, [](unsigned char c) { return std::isdigit(c); }) - text.begin());
  const bool is_place = digits > 0 && text[0] != '0' && text.substr(digits).starts_with(':');
  text.remove_prefix(std::min(digits + 1, text.size()));
  return is_place;
}

// FILE:LINE:COLUMN: KEY: what
void IsAMistake(std::string_view line) {
  Promise(std::ranges::none_of(line, [](unsigned char c) { return c < 0x20 || c == 0x7f; }));
  Promise(line.starts_with(kFile) && line.substr(kFile.size()).starts_with(':'));
  line.remove_prefix(kFile.size() + 1);
  Promise(HasNumber(line) && HasNumber(line) && line.starts_with(' ') && line.find(": ") != line.npos);
}

LoadResult Load(const std::string& text, const std::string& key) {
  // What a file says with ${VARIABLE} may be a name, which is shown; a key's own variable is only ever a key.
  const bool names_variables = text.find("${") != text.npos;
  return arbstr::proxy::LoadConfig(text, std::string(kFile),
                                   [&](const std::string& name) -> std::optional<std::string> {
                                     if (name == "TEXT") return "text";
                                     if (!name.ends_with("_API_KEY")) return std::nullopt;
                                     return names_variables ? "text" : key;
                                   });
}

std::string Shown(Config config, const std::string& key) {
  config.server.auth_token = key;
  for (auto& provider : config.providers) {
    provider.api_key = key;
    for (auto& [name, value] : provider.headers) value = key;
  }
  return DescribeConfig(config) + DescribeProviders(config);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > kLimit) return 0;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const LoadResult loaded = Load(text, kKey), other = Load(text, kOtherKey);
  Promise(loaded.config.has_value() == loaded.errors.empty());
  Promise(loaded.errors == other.errors);
  for (const std::string& error : loaded.errors) IsAMistake(error);
  if (!loaded.config) return 0;
  Promise(!loaded.config->providers.empty() && !loaded.config->retry.backoff.empty());
  Promise(DescribeProviders(*loaded.config) == DescribeProviders(*other.config));
  Promise(Shown(*loaded.config, kKey) == Shown(*loaded.config, kOtherKey));
  return 0;
}
