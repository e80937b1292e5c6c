#include "proxy/server/metrics_route.h"

#include <boost/asio/post.hpp>
#include <chrono>
#include <memory>
#include <new>
#include <utility>

#include "proxy/http/api_error.h"
#include "proxy/metrics/exposition.h"
#include "proxy/metrics/metrics_page.h"
#include "proxy/metrics/process_metrics.h"
#include "proxy/server/background_response.h"
#include "proxy/server/breaker_name.h"
#include "proxy/server/health.h"

namespace arbstr::proxy {
namespace {

GaugeSnapshot Now(const Gateway& gateway, const Setup& setup) {
  GaugeSnapshot moment;
  moment.connections = gateway.connections.load();
  moment.connections_max = gateway.config.server.max_connections;
  moment.reload_succeeded = gateway.reload_succeeded.load();
  moment.log_queue_depth = gateway.log->depth();
  moment.log_queue_capacity = gateway.log->capacity();
  moment.log_writable = gateway.log->healthy();
  const ProvidersHealth health = HealthOf(setup, std::chrono::steady_clock::now());
  for (size_t i = 0; i < setup.upstreams.size(); ++i) {
    moment.breakers.emplace_back(setup.upstreams[i]->config.name, BreakerName(health.providers[i].breaker));
  }
  moment.health = StatusName(health, HealthOf(*gateway.log), gateway.draining.load());
  return moment;
}

Response MetricsResponse(const Gateway& gateway, const Setup& setup) {
  Response response;
  AddField(response.fields, "content-type", kExpositionContentType);
  response.body =
      MetricsPage(gateway.metrics.Totals(), *gateway.log_metrics, Now(gateway, setup), ReadProcessMetrics());
  return response;
}

// Where there is no memory for the page, the thread that makes it goes on.
Response AnswerNow(const Gateway& gateway, const Setup& setup) {
  try {
    return MetricsResponse(gateway, setup);
  } catch (const std::bad_alloc&) {
    return ErrorResponse({503, "", "There is no memory left for the page: ask again.", ""});
  }
}

}  // namespace

Task<std::optional<Response>> AnswerMetrics(Worker& worker, ClientConnection& client, Interrupt& interrupt) {
  auto answer = std::make_shared<BackgroundResponse>(worker.loop.get_executor());
  asio::post(worker.gateway.page_maker, [answer, &gateway = worker.gateway, setup = worker.setup->shared] {
    if (!answer->abandoned()) answer->Give(AnswerNow(gateway, *setup));
  });
  return BackgroundResponse::Await(std::move(answer), client, interrupt);
}

}  // namespace arbstr::proxy
