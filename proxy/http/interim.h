#ifndef ARBSTR_PROXY_HTTP_INTERIM_H_
#define ARBSTR_PROXY_HTTP_INTERIM_H_

namespace arbstr::proxy {

// Whether the response to the request follows: 100 Continue, 103 Early Hints (RFC 9110 §15.2). 101 is none:
// it would end HTTP on the connection, and nobody asks for that.
constexpr bool IsInterim(int status) { return status >= 100 && status < 200 && status != 101; }

// Before one response; more are no sign of good faith.
inline constexpr int kMaxInterimResponses = 16;

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_HTTP_INTERIM_H_
