// One attempt on one provider: the request sent, the answer read and judged.
#ifndef ARBSTR_PROXY_CHAT_ATTEMPT_H_
#define ARBSTR_PROXY_CHAT_ATTEMPT_H_

#include <chrono>
#include <optional>
#include <string>

#include "proxy/chat/chat_call.h"
#include "proxy/chat/chat_request.h"
#include "proxy/chat/completion.h"
#include "proxy/upstream/upstream_exchange.h"
#include "proxy/worker.h"
#include "retry/outcome.h"

namespace arbstr::proxy {

struct AttemptResult {
  explicit AttemptResult(size_t body_limit) : body(body_limit) {}

  retry::Outcome outcome = retry::Outcome::kRetryable;
  int status = 502;   // the provider's, or the one a failure counts as
  std::string error;  // why it is no answer; empty for an answer
  std::string code;   // the code of an error of ours about it
  std::optional<std::chrono::milliseconds> retry_after;
  bool responded = false;  // the provider's response is there whole: fields and body are its
  bool is_stream = false;  // an event stream has begun: its body is still in the exchange
  std::string fields;      // of the response, those that are passed on to the client
  BodyBuffer body;
  Completion completion;  // of an answer
};

// Begins `exchange`, which is fresh, and reads the whole answer; of an event stream, where the request asked
// for one, only the head. Ends early when the call's interrupt fires.
Task<AttemptResult> MakeAttempt(Worker& worker, const ChatCall& call, const ChatRequest& request,
                                const Upstream& upstream, UpstreamExchange& exchange);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_ATTEMPT_H_
