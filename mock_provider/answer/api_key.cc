#include "mock_provider/answer/api_key.h"

#include <strings.h>

#include <algorithm>
#include <string_view>

namespace mock_provider {

std::string KeyOf(Dialect dialect, const HttpRequest& http) {
  if (dialect != Dialect::kOpenAi) {
    if (const std::string* const own = http.Header(KeyHeader(dialect))) return *own;
  }
  constexpr std::string_view kBearer = "Bearer ";
  const std::string* const credentials = http.Header("authorization");
  if (!credentials || ::strncasecmp(credentials->c_str(), kBearer.data(), kBearer.size()) != 0) return "";
  return credentials->substr(
      std::min(credentials->find_first_not_of(' ', kBearer.size()), credentials->size()));
}

std::optional<HttpAnswer> RefuseWrongKey(const Provider& provider, const ErrorContext& context) {
  const auto& keys = provider.api_keys;
  if (keys.empty() || std::find(keys.begin(), keys.end(), context.key) != keys.end()) return std::nullopt;
  return MakeErrorAnswer(provider.dialect, {.kind = ErrorKind::kInvalidApiKey}, context);
}

}  // namespace mock_provider
