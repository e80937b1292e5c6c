// The answers to requests that no route takes up. Made by functions: temporaries that are braced inside a
// coroutine are destroyed twice by g++ 12.
#ifndef ARBSTR_PROXY_SERVER_REFUSALS_H_
#define ARBSTR_PROXY_SERVER_REFUSALS_H_

#include <string_view>

#include "proxy/http/response.h"
#include "proxy/rate_limit.h"

namespace arbstr::proxy {

Response Unauthorized();
Response NotFound();
// `allowed`: what Allow says (RFC 9110 §10.2.1).
Response MethodNotAllowed(std::string_view method, std::string_view allowed);
Response UnsupportedMediaType();
// The limit is `per_second`; Retry-After says how long to wait, in whole seconds (RFC 9110 §10.2.3).
Response RateLimited(int per_second, RateLimit::Wait wait);
// To a request without TLS on a port that speaks it.
Response PlainHttp();

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_SERVER_REFUSALS_H_
