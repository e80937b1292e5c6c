#include "mock_provider/answer/api_key.h"

#include <strings.h>

#include <algorithm>
#include <string_view>

namespace mock_provider {
namespace {

constexpr const char* kNoKey =
    "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer "
    "auth (i.e. Authorization: Bearer YOUR_KEY), or as the password field (with blank username) if you're "
    "accessing the API from your browser and are prompted for a username and password. You can obtain an API "
    "key from https://platform.openai.com/account/api-keys.";

}  // namespace

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
  HttpAnswer answer = MakeErrorAnswer(provider.dialect, {.kind = ErrorKind::kInvalidApiKey}, context);
  // The others word both alike.
  if (provider.dialect == Dialect::kOpenAi && context.key.empty())
    answer.body = MakeRefusal(provider.dialect, answer.status, kNoKey, "").body;
  return answer;
}

}  // namespace mock_provider
