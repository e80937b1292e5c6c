#include "mock_provider/admin/admin_routes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <sstream>
#include <string_view>

#include "mock_provider/admin/admin_clock.h"
#include "mock_provider/admin/admin_judge.h"
#include "mock_provider/admin/admin_query.h"
#include "mock_provider/admin/percent_decoding.h"
#include "mock_provider/http/json_text.h"
#include "mock_provider/http/masked_key.h"
#include "mock_provider/journal/journal_json.h"
#include "mock_provider/scenario_file/scenario_parser.h"
#include "mock_provider/scenario_file/scenario_writer.h"

namespace mock_provider {
namespace {

constexpr std::string_view kRulePath = "/__admin/rules/";

HttpAnswer Json(std::string body) {
  HttpAnswer answer;
  answer.SetHeader("content-type", "application/json");
  answer.body = std::move(body);
  return answer;
}

HttpAnswer Done(const absl::Status& status) {
  if (status.ok()) return Json(R"({"ok":true})");
  const std::string text(status.message());
  switch (status.code()) {
    case absl::StatusCode::kNotFound:
      return AdminError(404, text);
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kUnavailable:
      return AdminError(409, text);
    default:
      return AdminError(400, text);
  }
}

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

// Those of the scenario, and those the journal remembers from earlier ones.
std::vector<std::string> ProviderNames(AdminTarget& target, const std::vector<JournalEntry>& entries) {
  std::vector<std::string> names;
  for (auto& [name, url] : target.Urls()) names.push_back(std::move(name));
  for (const JournalEntry& entry : entries) {
    if (std::find(names.begin(), names.end(), entry.provider) == names.end()) names.push_back(entry.provider);
  }
  return names;
}

HttpAnswer PutScenario(AdminTarget& target, const HttpRequest& request) {
  auto scenario = ParseScenario(request.body);
  if (!scenario.ok()) return Done(scenario.status());
  PutKeysBack(target.CurrentScenario(), *scenario);
  return Done(target.Apply(*std::move(scenario)));
}

HttpAnswer GetScenario(AdminTarget& target, const HttpRequest&) {
  return Json(ScenarioJson(WithoutKeys(target.CurrentScenario())));
}

HttpAnswer PostRule(AdminTarget& target, const HttpRequest& request) {
  const auto provider = ProviderInQuery(QueryOf(request.target), ProviderNames(target, {}));
  if (!provider.ok()) return Done(provider.status());
  auto rule = ParseRuleText(request.body);
  if (!rule.ok()) return Done(rule.status());
  return Done(target.AddRule(*std::move(rule), *provider));
}

HttpAnswer DeleteRule(AdminTarget& target, const HttpRequest& request) {
  const auto provider = ProviderInQuery(QueryOf(request.target), ProviderNames(target, {}));
  if (!provider.ok()) return Done(provider.status());
  return Done(target.RemoveRule(PercentDecoded(request.Path().substr(kRulePath.size())), *provider));
}

HttpAnswer Reset(AdminTarget& target, const HttpRequest&) {
  target.Reset();
  return Done(absl::OkStatus());
}

HttpAnswer GetRequests(AdminTarget& target, const HttpRequest& request) {
  std::vector<JournalEntry> entries = target.journal().Entries();
  const auto provider = ProviderInQuery(QueryOf(request.target), ProviderNames(target, entries));
  if (!provider.ok()) return Done(provider.status());
  if (!provider->empty())
    std::erase_if(entries, [&](const JournalEntry& entry) { return entry.provider != *provider; });
  return Json(JournalJson(entries, target.journal().total()));
}

HttpAnswer DeleteRequests(AdminTarget& target, const HttpRequest&) {
  target.journal().Clear();
  return Done(absl::OkStatus());
}

HttpAnswer JsonOr(const absl::StatusOr<std::string>& body) {
  return body.ok() ? Json(*body) : Done(body.status());
}

HttpAnswer PostCount(AdminTarget& target, const HttpRequest& request) {
  const auto entries = target.journal().Entries();
  return JsonOr(CountRequests(entries, ProviderNames(target, entries), request.body));
}

HttpAnswer PostVerify(AdminTarget& target, const HttpRequest& request) {
  const auto entries = target.journal().Entries();
  const auto answer = VerifyRequests(entries, ProviderNames(target, entries), request.body);
  return answer.ok() ? *answer : Done(answer.status());
}

HttpAnswer GetVerdict(AdminTarget& target, const HttpRequest& request) {
  const std::string query(QueryOf(request.target));
  return JsonOr(JudgeRequests(target.journal().Entries(), target.clock().NowMs(), query));
}

HttpAnswer GetMetrics(AdminTarget& target, const HttpRequest&) {
  HttpAnswer answer;
  answer.SetHeader("content-type", "text/plain; version=0.0.4; charset=utf-8");
  answer.body = target.metrics().Text();
  return answer;
}

HttpAnswer GetClock(AdminTarget& target, const HttpRequest&) { return Json(ClockJson(target.clock())); }

HttpAnswer PutClock(AdminTarget& target, const HttpRequest& request) {
  const absl::Status moved = MoveClock(target.clock(), request.body);
  return moved.ok() ? Json(ClockJson(target.clock())) : Done(moved);
}

HttpAnswer Health(AdminTarget& target, const HttpRequest&) {
  std::string providers;
  for (const auto& [name, url] : target.Urls()) {
    if (!providers.empty()) providers += ",";
    providers += fmt::format(R"({{"name":{},"url":{}}})", QuoteJson(name), QuoteJson(url));
  }
  return Json(fmt::format(R"({{"status":"ok","providers":[{}]}})", providers));
}

struct Route {
  std::string_view method;
  std::string_view path;
  HttpAnswer (*answer)(AdminTarget&, const HttpRequest&);
  bool takes_query = false;  // else one is a mistake
};

constexpr std::array kRoutes = {
    Route{"PUT", "/__admin/scenario", PutScenario},
    Route{"GET", "/__admin/scenario", GetScenario},
    Route{"POST", "/__admin/rules", PostRule, true},
    Route{"POST", "/__admin/reset", Reset},
    Route{"GET", "/__admin/requests", GetRequests, true},
    Route{"DELETE", "/__admin/requests", DeleteRequests},
    Route{"POST", "/__admin/requests/count", PostCount},
    Route{"POST", "/__admin/verify", PostVerify},
    Route{"GET", "/__admin/verdict", GetVerdict, true},
    Route{"PUT", "/__admin/clock", PutClock},
    Route{"GET", "/__admin/clock", GetClock},
    Route{"GET", "/metrics", GetMetrics, true},
    Route{"GET", "/health", Health, true},
};

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

HttpAnswer AnswerAdmin(AdminTarget& target, const HttpRequest& request) {
  const std::string_view path = request.Path();
  for (const Route& route : kRoutes) {
    if (route.method != request.method || route.path != path) continue;
    if (!route.takes_query && !QueryOf(request.target).empty())
      return AdminError(400, fmt::format("{} {} takes no query", route.method, route.path));
    return route.answer(target, request);
  }
  if (request.method == "DELETE" && path.starts_with(kRulePath)) return DeleteRule(target, request);
  return NoRoute(path);
}

HttpAnswer AdminError(int status, const std::string& text) {
  std::string mistakes, first, line;
  std::istringstream lines(text);
  while (std::getline(lines, line)) {
    if (first.empty()) first = line;
    mistakes += (mistakes.empty() ? "" : ",") + QuoteJsonLossy(line);
  }
  HttpAnswer answer = Json(fmt::format(R"({{"error":{},"mistakes":[{}]}})", QuoteJsonLossy(first), mistakes));
  answer.status = status;
  return answer;
}

}  // namespace mock_provider
