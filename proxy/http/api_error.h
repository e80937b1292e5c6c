// Errors of ours, in OpenAI's shape: {"error":{"message","type","param","code"}}.
#ifndef ARBSTR_PROXY_HTTP_API_ERROR_H_
#define ARBSTR_PROXY_HTTP_API_ERROR_H_

#include <string>

#include "proxy/http/response.h"

namespace arbstr::proxy {

struct ApiError {
  int status;
  std::string code;     // empty: null
  std::string message;  // says what to do; never holds a key
  std::string param;    // the JSON path of the mistake; empty: null
};

// `type` follows from the status: authentication_error (401), rate_limit_error (429), invalid_request_error
// (other 4xx), arbstr_error (5xx). Text that is not UTF-8 is mended.
std::string ErrorJson(const ApiError& error);
Response ErrorResponse(const ApiError& error);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_HTTP_API_ERROR_H_
