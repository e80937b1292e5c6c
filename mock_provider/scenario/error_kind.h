// The errors a provider answers with that a scenario can name by symbol instead of by status.
#ifndef ARBSTR_MOCK_PROVIDER_SCENARIO_ERROR_KIND_H_
#define ARBSTR_MOCK_PROVIDER_SCENARIO_ERROR_KIND_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mock_provider {

enum class ErrorKind {
  kStatus,  // a bare HTTP status; the body is what the dialect usually sends with it
  kRateLimit,
  kInsufficientQuota,
  kOverloaded,
  kServerError,
  kContextLength,
  kInvalidApiKey,
  kModelNotFound,
  kContentFilter,
  kBadGatewayHtml,
};

// The kind of that symbol; nullopt for an unknown one. `kStatus` has no symbol.
std::optional<ErrorKind> ErrorByName(std::string_view name);

// The symbol; empty for kStatus.
std::string ErrorName(ErrorKind kind);

std::vector<std::string> ErrorNames();

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_SCENARIO_ERROR_KIND_H_
