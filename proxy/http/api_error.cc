#include "proxy/http/api_error.h"

#include <nlohmann/json.hpp>

#include "proxy/http/json_text.h"

namespace arbstr::proxy {
namespace {

using Json = nlohmann::ordered_json;

const char* TypeOf(int status) {
  if (status == 401) return "authentication_error";
  if (status == 429) return "rate_limit_error";
  return status >= 400 && status < 500 ? "invalid_request_error" : "arbstr_error";
}

Json TextOrNull(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

}  // namespace

std::string ErrorJson(const ApiError& error) {
  const Json json = {{"error",
                      {{"message", error.message},
                       {"type", TypeOf(error.status)},
                       {"param", TextOrNull(error.param)},
                       {"code", TextOrNull(error.code)}}}};
  return JsonText(json);
}

Response ErrorResponse(const ApiError& error) {
  Response response = JsonResponse(error.status, ErrorJson(error));
  response.error_code = error.code;
  return response;
}

}  // namespace arbstr::proxy
