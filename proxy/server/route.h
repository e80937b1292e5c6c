// Which of our routes a request is for. Pure.
#ifndef ARBSTR_PROXY_SERVER_ROUTE_H_
#define ARBSTR_PROXY_SERVER_ROUTE_H_

#include <string>
#include <string_view>

namespace arbstr::proxy {

enum class RouteId {
  kNotFound,
  kMethodNotAllowed,
  kChat,
  kModels,
  kModel,
  kCost,
  kRequests,
  kStats,
  kHealth,
  kProviders,
  kMetrics,
  kDashboard
};

// What metrics and log lines call a request that is for none of the routes.
inline constexpr std::string_view kUnknownRoute = "unknown";

struct RouteMatch {
  RouteId id = RouteId::kNotFound;
  std::string parameter;     // kModel: the id, percent-decoded; kDashboard: the path
  std::string_view allowed;  // kMethodNotAllowed: the Allow value
  bool open = false;         // the path needs no token, whatever the method
  bool limited = true;       // server.rate_limit_rps counts it
  // Which path it is, of a fixed set and in static storage: "/v1/models/{id}", or kUnknownRoute.
  std::string_view label = kUnknownRoute;
};

// `target` in origin form or absolute form (RFC 9112 §3.2); a query is ignored. HEAD is a GET.
RouteMatch MatchRoute(std::string_view method, std::string_view target);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_SERVER_ROUTE_H_
