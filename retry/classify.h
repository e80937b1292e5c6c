#ifndef ARBSTR_RETRY_CLASSIFY_H_
#define ARBSTR_RETRY_CLASSIFY_H_

#include "retry/outcome.h"
#include "retry/retry_policy.h"

namespace arbstr::retry {

// Why an attempt brought no usable response. A connection from the pool that dies before the first response
// byte is none of these: it is replaced silently, once.
enum class Fault {
  kConnectTimeout,  // DNS, TCP and TLS together took longer than connect_timeout_ms
  kConnectFailed,   // name not resolved, refused, unreachable
  kTls,             // handshake or certificate
  kReset,           // the connection was reset
  kClosed,          // closed before the response head was complete
  kTruncated,       // the body ended early: shorter than its Content-Length, or inside a chunk
  kUnreadable,      // not HTTP, or HTTP beyond the limits for a head
  kTooLarge,        // the body is larger than max_response_bytes
  kAttemptTimeout,  // no answer within attempt_timeout_ms
  kOwnLimit,        // not connected, since the gateway itself had no descriptor, port or memory left
  kErrorBody,       // a 200 whose JSON is an `error` object without `choices`
};

// For a response that arrived whole. 2xx is answered whatever the policy says; a status in both sets of the
// policy goes to the next provider; a 3xx, like any status in neither, is final.
Outcome ClassifyStatus(const RetryPolicy& policy, int status);

Outcome ClassifyFault(Fault fault);

// Whether a refusal with that status may be about the request alone, as of a prompt that is too long or that
// a moderation holds back. It says nothing of the provider then, and one client's prompts must not keep
// others from it.
bool MayBeTheRequestsFault(int status);

// The HTTP status that stands for a fault where no response came: 502 or 504.
int CountedStatus(Fault fault);

}  // namespace arbstr::retry

#endif  // ARBSTR_RETRY_CLASSIFY_H_
