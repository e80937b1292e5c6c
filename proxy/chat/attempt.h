// One attempt on one provider: the request sent, the answer read and judged.
#ifndef ARBSTR_PROXY_CHAT_ATTEMPT_H_
#define ARBSTR_PROXY_CHAT_ATTEMPT_H_

#include <chrono>
#include <optional>
#include <string>

#include "proxy/chat/body_splice.h"
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
  bool own_limit = false;  // it failed for want of the gateway's own means: no word about the provider
  bool responded = false;  // the whole response is there: fields and body are the provider's
  bool is_stream = false;  // an event stream has begun: the exchange has the rest of its body
  std::string fields;      // of the response, those that are passed on to the client
  BodyBuffer body;         // of a stream what has been read of it, up to its first token
  Completion completion;   // of an answer
};

// What that provider's copy of the request must have otherwise. Points into `provider`.
BodyChanges ChangesFor(const ProviderConfig& provider, const ChatRequest& request);

// Begins `exchange` and reads the whole answer into `result`; both are fresh. Of an event stream, where the
// request asked for one, only the response's head; with streaming = "before_first_token" also the events up
// to the first that carries something, so that a stream which fails before that is an attempt that failed.
// Ends early when the call's interrupt fires.
Task<> MakeAttempt(Worker& worker, const ChatCall& call, const ChatRequest& request, const Upstream& upstream,
                   UpstreamExchange& exchange, AttemptResult& result);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_ATTEMPT_H_
