// One request's attempts: asks providers, as the retry state machine decides, until one has answered or
// nothing is left.
#ifndef ARBSTR_PROXY_CHAT_ASK_PROVIDERS_H_
#define ARBSTR_PROXY_CHAT_ASK_PROVIDERS_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "proxy/chat/attempt.h"
#include "proxy/chat/chat_call.h"
#include "proxy/chat/chat_request.h"
#include "proxy/chat/evidence.h"
#include "proxy/chat/request_deadline.h"
#include "proxy/upstream/admission.h"
#include "proxy/upstream/upstream_exchange.h"
#include "proxy/worker.h"
#include "retry/state_machine.h"

namespace arbstr::proxy {

// The state of one request while providers are asked.
struct Dispatch {
  Dispatch(Worker& w, const ChatCall& c, const ChatRequest& r, const RequestDeadline& l, Evidence& e)
      : worker(w),
        call(c),
        request(r),
        limit(l),
        evidence(e),
        last(w.gateway.config.server.max_response_bytes) {}

  Worker& worker;
  const ChatCall& call;
  const ChatRequest& request;
  const RequestDeadline& limit;
  Evidence& evidence;
  std::unique_ptr<UpstreamExchange> exchange;          // of the attempt made last
  std::chrono::steady_clock::time_point begun, ended;  // likewise; a stream goes on
  AttemptResult last;
  uint32_t provider = 0;  // its position
  // That provider's, while the request stays there or its stream runs.
  std::optional<Admission::Permit> permit;
  bool provider_failed = false;  // an attempt there did, and that says something about it
  // Where every candidate was skipped: when the first of them is worth another try.
  std::chrono::steady_clock::time_point next_chance = std::chrono::steady_clock::time_point::max();
};

// What a failure counts as for lowest_latency: no answer that came in time took as long.
std::chrono::milliseconds TimeOfAFailure(const Dispatch& dispatch);

// Candidates are positions of providers, in the order to try them. A candidate whose breaker is open or whose
// places are taken is skipped without an attempt.
Task<retry::Stop::Reason> AskProviders(Dispatch& dispatch, std::span<const uint32_t> candidates);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_ASK_PROVIDERS_H_
