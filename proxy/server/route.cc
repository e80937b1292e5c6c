#include "proxy/server/route.h"

#include <algorithm>
#include <array>

#include "proxy/dashboard/dashboard_response.h"
#include "proxy/http/ascii.h"
#include "proxy/http/percent_encoding.h"

namespace arbstr::proxy {
namespace {

struct KnownRoute {
  std::string_view path;
  std::string_view method;
  RouteId id;
  std::string_view label = path;  // for metrics and log lines
};

constexpr std::array<KnownRoute, 11> kRoutes = {{
    {"/v1/chat/completions", "POST", RouteId::kChat},
    {"/chat/completions", "POST", RouteId::kChat, "/v1/chat/completions"},
    {"/v1/models", "GET", RouteId::kModels},
    {"/v1/cost", "POST", RouteId::kCost},
    {"/v1/requests", "GET", RouteId::kRequests},
    {"/v1/stats", "GET", RouteId::kStats},
    {"/health", "GET", RouteId::kHealth},
    {"/providers", "GET", RouteId::kProviders},
    {"/metrics", "GET", RouteId::kMetrics},
    {"/dashboard", "GET", RouteId::kDashboard},                  // and the files that the page loads
    {"/v1/models/", "GET", RouteId::kModel, "/v1/models/{id}"},  // a prefix: ids may hold slashes
}};

std::string_view PathOf(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!EqualsIgnoringCase(target.substr(0, scheme.size()), scheme)) continue;
    target.remove_prefix(scheme.size());
    target.remove_prefix(std::min(target.find_first_of("/?#"), target.size()));
    break;
  }
  return target.substr(0, std::min(target.find('?'), target.find('#')));
}

bool IsPathOf(const KnownRoute& route, std::string_view path) {
  if (route.id == RouteId::kModel) return path.starts_with(route.path) && path.size() > route.path.size();
  if (route.id == RouteId::kDashboard) return IsDashboardPath(path);
  return path == route.path;
}

std::string Parameter(const KnownRoute& route, std::string_view path) {
  if (route.id == RouteId::kModel) return PercentDecoded(path.substr(route.path.size()));
  if (route.id == RouteId::kDashboard) return std::string(path);
  return "";
}

}  // namespace

RouteMatch MatchRoute(std::string_view method, std::string_view target) {
  const std::string_view path = PathOf(target);
  for (const KnownRoute& route : kRoutes) {
    if (!IsPathOf(route, path)) continue;
    const bool open = route.id == RouteId::kHealth || route.id == RouteId::kDashboard;
    // Those who watch the gateway must see it most of all when it refuses others.
    const bool limited = !open && route.id != RouteId::kMetrics;
    if (method != route.method && !(method == "HEAD" && route.method == "GET")) {
      return {RouteId::kMethodNotAllowed,
              "",
              route.method == "GET" ? "GET, HEAD" : route.method,
              open,
              limited,
              route.label};
    }
    return {route.id, Parameter(route, path), "", open, limited, route.label};
  }
  return {};
}

}  // namespace arbstr::proxy
