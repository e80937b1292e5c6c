#include "proxy/chat/route_query.h"

namespace arbstr::proxy {

router::Query QueryOf(LoopSetup& setup, const ChatRequest& request, std::optional<std::string_view> policy,
                      std::chrono::steady_clock::time_point now) {
  router::Query query;
  query.model = request.model;
  query.policy = policy;
  query.last_user_text = request.last_user_text;
  if (setup.shared->router.LooksAtLatency()) query.latency_ms = setup.latencies.ForDecision(now);
  return query;
}

}  // namespace arbstr::proxy
