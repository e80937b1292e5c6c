#include "proxy/upstream/secrets.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "proxy/http/ascii.h"
#include "proxy/http/percent_encoding.h"
#include "proxy/http/query.h"

namespace arbstr::proxy {
namespace {

// A shorter value is an ordinary word more often than a secret, and would be masked wherever it occurs.
constexpr size_t kShortestSecret = 8;
// That of an api_key is one, but for what stands in its place where there is none: "x", "none", "dummy".
constexpr size_t kShortestKey = 6;

bool NamesACredential(std::string_view any_case) {
  const std::string name = ToLower(any_case);
  if (name == "sig" || name == "code") return true;
  constexpr std::string_view kWords[] = {"key",    "token",     "secret",     "auth",
                                         "cookie", "signature", "credential", "password"};
  return std::ranges::any_of(kWords, [&](std::string_view word) { return name.find(word) != name.npos; });
}

void Add(std::vector<std::string>& secrets, std::string_view name, std::string_view value) {
  if (!NamesACredential(name)) return;
  if (value.size() >= kShortestSecret) secrets.emplace_back(value);
  // "Bearer sk-…": it is the second word that is quoted.
  const std::string_view last = value.substr(value.rfind(' ') + 1);
  if (last.size() >= kShortestSecret && last.size() < value.size()) secrets.emplace_back(last);
}

// As it stands in the query, and as who reads it decoded may quote it, or encode it again.
std::set<std::string> Spellings(std::string_view value) {
  std::set<std::string> all = {std::string(value), PercentDecoded(value), FormDecoded(value)};
  all.insert(PercentEncoded(PercentDecoded(value)));
  all.insert(PercentEncoded(FormDecoded(value)));
  return all;
}

}  // namespace

std::vector<std::string> SecretsOf(const ProviderConfig& provider) {
  std::vector<std::string> secrets;
  if (provider.api_key.size() >= kShortestKey) secrets.push_back(provider.api_key);
  for (const auto& [name, value] : provider.headers) Add(secrets, name, value);
  if (provider.proxy) Add(secrets, "authorization", provider.proxy->authorization);
  const std::string_view target = provider.url.path_and_query;
  const size_t question = target.find('?');
  if (question != target.npos) {
    for (const auto& [name, value] : SplitQuery(target.substr(question + 1))) {
      if (!value) continue;
      for (const std::string& spelling : Spellings(*value)) Add(secrets, PercentDecoded(name), spelling);
    }
  }
  std::ranges::sort(
      secrets, [](const auto& a, const auto& b) { return std::pair(b.size(), a) < std::pair(a.size(), b); });
  return secrets;
}

}  // namespace arbstr::proxy
