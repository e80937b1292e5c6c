// A request in, the plan of its answer out: the mock's one decision, without a socket.
#ifndef ARBSTR_MOCK_PROVIDER_RESPOND_H_
#define ARBSTR_MOCK_PROVIDER_RESPOND_H_

#include <memory>
#include <string>

#include "mock_provider/answer/sent_head.h"
#include "mock_provider/course.h"
#include "mock_provider/http/http_request.h"
#include "mock_provider/http/wire_plan.h"
#include "mock_provider/rules/rate_limiter.h"
#include "mock_provider/rules/rule_engine.h"
#include "mock_provider/scenario/action.h"
#include "mock_provider/scenario/rule_hit.h"
#include "mock_provider/scenario/scenario.h"
#include "mock_provider/upstream/pending_upstream.h"

namespace mock_provider {

struct Response {
  std::string model{};
  bool stream = false;
  RuleHit hit{};
  std::shared_ptr<const Action> action{};  // what was played, without chance; null: a normal reply
  SentHead head{};
  bool broken = false;  // see JournalEntry
  WirePlan plan{};
  std::unique_ptr<PendingUpstream> upstream{};  // instead of a plan
  bool admitted = false;  // by the limiter, which is to be told when the request has been answered
};

// Takes the request's share of the limits, and claims the step of the rule that it meets, if any. One that
// the limits refuse, or whose key is wrong, meets no rule.
Response Respond(const Provider& provider, RuleEngine& rules, RateLimiter& limiter, const HttpRequest& http,
                 const RequestPlace& place);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_RESPOND_H_
