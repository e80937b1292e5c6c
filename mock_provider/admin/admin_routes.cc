#include "mock_provider/admin/admin_routes.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "mock_provider/admin/admin_clock.h"
#include "mock_provider/admin/admin_query.h"
#include "mock_provider/admin/journal_routes.h"
#include "mock_provider/http/json_text.h"
#include "mock_provider/http/masked_key.h"
#include "mock_provider/http/percent_decoding.h"
#include "mock_provider/scenario_file/scenario_parser.h"
#include "mock_provider/scenario_file/scenario_writer.h"

namespace mock_provider {
namespace {

constexpr std::string_view kRulePath = "/__admin/rules/";

// The keys of real providers are nobody's to read.
Scenario WithoutKeys(Scenario scenario) {
  for (Provider& provider : scenario.providers) {
    if (provider.upstream && !provider.upstream->api_key.empty())
      provider.upstream->api_key = MaskedKey(provider.upstream->api_key);
  }
  return scenario;
}

// A scenario that was read here, changed and sent back means the key that it was not shown, for the same
// address alone.
void PutKeysBack(const Scenario& current, Scenario& wanted) {
  for (Provider& provider : wanted.providers) {
    for (const Provider& old : current.providers) {
      if (!provider.upstream || !old.upstream || old.upstream->url != provider.upstream->url) continue;
      const std::string& key = old.upstream->api_key;
      if (!key.empty() && provider.upstream->api_key == MaskedKey(key)) {
        provider.upstream->api_key = key;
        break;
      }
    }
  }
}

AdminAnswer PutScenario(AdminTarget& target, const HttpRequest& request) {
  auto scenario = ParseScenario(request.body);
  if (!scenario.ok()) return StatusAnswer(scenario.status());
  PutKeysBack(target.CurrentScenario(), *scenario);
  return StatusAnswer(target.Apply(*std::move(scenario)));
}

AdminAnswer GetScenario(AdminTarget& target, const HttpRequest&) {
  return JsonAnswer(ScenarioJson(WithoutKeys(target.CurrentScenario())));
}

AdminAnswer PostRule(AdminTarget& target, const HttpRequest& request) {
  const auto provider = ProviderInQuery(QueryOf(request.target), target.ProviderNames());
  if (!provider.ok()) return StatusAnswer(provider.status());
  auto rule = ParseRuleText(request.body);
  if (!rule.ok()) return StatusAnswer(rule.status());
  const auto name = target.AddRule(*std::move(rule), *provider);
  return name.ok() ? JsonAnswer(fmt::format(R"({{"ok":true,"name":{}}})", QuoteJson(*name)))
                   : StatusAnswer(name.status());
}

AdminAnswer DeleteRule(AdminTarget& target, const HttpRequest& request) {
  const auto provider = ProviderInQuery(QueryOf(request.target), target.ProviderNames());
  if (!provider.ok()) return StatusAnswer(provider.status());
  return StatusAnswer(target.RemoveRule(PercentDecoded(request.Path().substr(kRulePath.size())), *provider));
}

AdminAnswer Reset(AdminTarget& target, const HttpRequest&) {
  target.Reset();
  return StatusAnswer(absl::OkStatus());
}

AdminAnswer DeleteRequests(AdminTarget& target, const HttpRequest&) {
  target.journal().Clear();
  return StatusAnswer(absl::OkStatus());
}

AdminAnswer GetMetrics(AdminTarget& target, const HttpRequest&) {
  HttpAnswer answer;
  answer.SetHeader("content-type", "text/plain; version=0.0.4; charset=utf-8");
  answer.body = target.metrics().Text();
  return answer;
}

AdminAnswer GetClock(AdminTarget& target, const HttpRequest&) {
  return JsonAnswer(ClockJson(target.clock()));
}

AdminAnswer PutClock(AdminTarget& target, const HttpRequest& request) {
  const absl::Status moved = MoveClock(target.clock(), request.body);
  return moved.ok() ? JsonAnswer(ClockJson(target.clock())) : StatusAnswer(moved);
}

AdminAnswer Health(AdminTarget& target, const HttpRequest&) {
  std::string providers;
  for (const auto& [name, url] : target.Urls()) {
    if (!providers.empty()) providers += ",";
    providers += fmt::format(R"({{"name":{},"url":{}}})", QuoteJson(name), QuoteJson(url));
  }
  return JsonAnswer(fmt::format(R"({{"status":"ok","providers":[{}]}})", providers));
}

struct Route {
  std::string_view method;
  std::string_view path;
  AdminAnswer (*answer)(AdminTarget&, const HttpRequest&);
  bool takes_query = false, takes_body = false;  // else one is a mistake
};

constexpr std::array kRoutes = {
    Route{"PUT", "/__admin/scenario", PutScenario, false, true},
    Route{"GET", "/__admin/scenario", GetScenario},
    Route{"POST", "/__admin/rules", PostRule, true, true},
    Route{"POST", "/__admin/reset", Reset},
    Route{"GET", "/__admin/requests", GetRequests, true},
    Route{"DELETE", "/__admin/requests", DeleteRequests},
    Route{"POST", "/__admin/requests/count", PostCount, false, true},
    Route{"POST", "/__admin/verify", PostVerify, false, true},
    Route{"GET", "/__admin/verdict", GetVerdict, true},
    Route{"PUT", "/__admin/clock", PutClock, false, true},
    Route{"GET", "/__admin/clock", GetClock},
    Route{"GET", "/metrics", GetMetrics, true},  // those who watch may send a query, which changes nothing
    Route{"GET", "/health", Health, true},
};

AdminAnswer Follow(const Route& route, AdminTarget& target, const HttpRequest& request) {
  const auto refuse = [&](const char* what) {
    return AdminError(400, fmt::format("{} {} takes no {}", route.method, route.path, what));
  };
  if (!route.takes_query && !QueryOf(request.target).empty()) return refuse("query");
  const bool says_something = !request.body.empty() && request.body != "{}";
  if (!route.takes_body && says_something) return refuse("body");
  return route.answer(target, request);
}

HttpAnswer NoRoute(std::string_view path) {
  std::string allowed;
  for (const Route& route : kRoutes) {
    if (route.path == path) allowed += (allowed.empty() ? "" : ", ") + std::string(route.method);
  }
  if (!allowed.empty()) {
    HttpAnswer answer = AdminError(405, fmt::format("{} takes {}", path, allowed));
    answer.SetHeader("allow", allowed);
    return answer;
  }
  return AdminError(404, fmt::format("no admin route {}", path));
}

}  // namespace

AdminAnswer AnswerAdmin(AdminTarget& target, const HttpRequest& request) {
  const std::string_view path = request.Path();
  for (const Route& route : kRoutes) {
    if (route.method != request.method || route.path != path) continue;
    return Follow(route, target, request);
  }
  if (request.method == "DELETE" && path.starts_with(kRulePath))
    return Follow({"DELETE", "/__admin/rules/NAME", DeleteRule, true}, target, request);
  return NoRoute(path);
}

}  // namespace mock_provider
