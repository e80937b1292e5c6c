// A request in, the plan of its answer out: the mock's one decision, without a socket.
#ifndef ARBSTR_MOCK_PROVIDER_RESPOND_H_
#define ARBSTR_MOCK_PROVIDER_RESPOND_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mock_provider/action.h"
#include "mock_provider/chat_request.h"
#include "mock_provider/draw.h"
#include "mock_provider/error_bodies.h"
#include "mock_provider/http_request.h"
#include "mock_provider/rate_limiter.h"
#include "mock_provider/rule_engine.h"
#include "mock_provider/scenario.h"
#include "mock_provider/sent_head.h"
#include "mock_provider/wire_plan.h"

namespace mock_provider {

// An answer that a real provider has to give, and what is to happen to it on the way.
struct PendingUpstream {
  std::shared_ptr<const Action> action;  // without a reply or an error; its delay is settled
  DrawSequence draws{DrawPoint{}};
  ErrorContext errors{};
  Dialect dialect = Dialect::kOpenAi;
  std::vector<std::pair<std::string, std::string>> headers{};  // of the mock's own limits
  bool http10 = false;
  bool keep_alive = true;
};

struct Response {
  std::string model{};
  bool stream = false;
  std::optional<std::string> rule{};
  std::optional<std::int64_t> step{};
  std::optional<std::uint64_t> n{};
  std::optional<double> draw{};
  std::shared_ptr<const Action> action{};  // what was played, without chance; null: a normal reply
  SentHead head{};
  bool broken = false;  // see JournalEntry
  WirePlan plan{};
  std::unique_ptr<PendingUpstream> upstream{};  // instead of a plan
  bool admitted = false;  // by the limiter, which is to be told when the request has been answered
};

// Where a request stands among others.
struct RequestPlace {
  std::uint64_t seed = 0;
  std::uint64_t seq = 0;  // makes the answer's ids
  std::uint64_t connection = 0;
  double now_ms = 0;   // of the scenario
  double line_ms = 0;  // the same on the clock's time line, which no restart sets back
  double unix_ms = 0;  // the wall clock's, for headers that name a time of day
};

// Takes the request's share of the limits, and claims the step of the rule that it meets, if any. One that
// the limits refuse, or whose key is wrong, meets no rule.
Response Respond(const Provider& provider, RuleEngine& rules, RateLimiter& limiter, const HttpRequest& http,
                 const RequestPlace& place);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_RESPOND_H_
