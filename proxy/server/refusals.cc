#include "proxy/server/refusals.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>

#include "proxy/http/api_error.h"

namespace arbstr::proxy {

Response Unauthorized() {
  Response response = ErrorResponse(
      {401, "invalid_api_key", "Give this gateway's token in the header Authorization: Bearer TOKEN.", ""});
  AddField(response.fields, "www-authenticate", "Bearer");
  return response;
}

Response MethodNotAllowed(std::string_view method, std::string_view allowed) {
  Response response = ErrorResponse(
      {405, "", "This path does not take " + std::string(method) + ": use " + std::string(allowed) + ".",
       ""});
  AddField(response.fields, "allow", allowed);
  return response;
}

Response NotFound() {
  return ErrorResponse({404, "", "There is no such path: chat requests go to /v1/chat/completions.", ""});
}

Response PlainHttp() {
  return ErrorResponse({400, "", "This port speaks TLS: use https:// in place of http://.", ""});
}

Response RateLimited(int per_second, RateLimit::Wait wait) {
  Response response = ErrorResponse(
      {429, "rate_limited",
       "The gateway takes no more than " + std::to_string(per_second) +
           " requests a second (server.rate_limit_rps): send it again after the time of Retry-After.",
       ""});
  const auto seconds = std::max<int64_t>(1, std::chrono::ceil<std::chrono::seconds>(wait).count());
  AddField(response.fields, "retry-after", std::to_string(seconds));
  return response;
}

Response UnsupportedMediaType() {
  return ErrorResponse(
      {415, "", "Send the body as JSON, with the header Content-Type: application/json.", ""});
}

}  // namespace arbstr::proxy
