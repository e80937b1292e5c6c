#include "mock_provider/scenario/error_kind.h"

#include <array>
#include <utility>

namespace mock_provider {
namespace {

constexpr std::array<std::pair<const char*, ErrorKind>, 9> kNames = {{
    {"rate_limit", ErrorKind::kRateLimit},
    {"insufficient_quota", ErrorKind::kInsufficientQuota},
    {"overloaded", ErrorKind::kOverloaded},
    {"server_error", ErrorKind::kServerError},
    {"context_length", ErrorKind::kContextLength},
    {"invalid_api_key", ErrorKind::kInvalidApiKey},
    {"model_not_found", ErrorKind::kModelNotFound},
    {"content_filter", ErrorKind::kContentFilter},
    {"bad_gateway_html", ErrorKind::kBadGatewayHtml},
}};

}  // namespace

std::optional<ErrorKind> ErrorByName(std::string_view name) {
  for (const auto& [known, kind] : kNames) {
    if (name == known) return kind;
  }
  return std::nullopt;
}

std::string ErrorName(ErrorKind kind) {
  for (const auto& [name, known] : kNames) {
    if (known == kind) return name;
  }
  return "";
}

std::vector<std::string> ErrorNames() {
  std::vector<std::string> names;
  for (const auto& [name, kind] : kNames) names.emplace_back(name);
  return names;
}

}  // namespace mock_provider
