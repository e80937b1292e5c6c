// How the gateway's providers are, as /health and /metrics say it.
#ifndef ARBSTR_PROXY_SERVER_HEALTH_H_
#define ARBSTR_PROXY_SERVER_HEALTH_H_

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "proxy/setup.h"
#include "request_log/request_log.h"

namespace arbstr::proxy {

struct ModelHealth {
  std::string model;
  Admission::State breaker = Admission::State::kOpen;  // never closed
};

struct ProviderHealth {
  Admission::State breaker = Admission::State::kClosed;  // the worst of its models'
  // Those whose breaker is not closed, the worst first, kNamedModels at most. A model that nobody lists is
  // named once it was served: anybody may read this, and a name that a client made up is nobody's business.
  std::vector<ModelHealth> models;
  std::size_t not_named = 0;  // further ones
};

inline constexpr std::size_t kNamedModels = 10;

struct ProvidersHealth {
  std::vector<ProviderHealth> providers;  // in the order of Setup's
  // No model that is in use can be served by anybody. In use is what is listed, and what was served within
  // the last hour by a provider that serves every model; where there is neither, what such a provider was
  // asked for at all.
  bool nobody_serves = false;
};

ProvidersHealth HealthOf(const Setup& setup, std::chrono::steady_clock::time_point now);

enum class LogHealth {
  kWorks,
  kFailing,  // its rows wait
  kFull,     // requests are refused
};
LogHealth HealthOf(const request_log::RequestLog& log);

// "ok", "degraded", "unhealthy" or "draining".
const char* StatusName(const ProvidersHealth& health, LogHealth log, bool draining);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_SERVER_HEALTH_H_
