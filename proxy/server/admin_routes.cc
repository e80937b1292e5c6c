#include "proxy/server/admin_routes.h"

#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <variant>

#include "proxy/chat/answers.h"
#include "proxy/chat/chat_request.h"
#include "proxy/chat/read_chat_request.h"
#include "proxy/chat/route_query.h"
#include "proxy/config/display_url.h"
#include "proxy/config/mask.h"
#include "proxy/http/json_text.h"
#include "proxy/server/breaker_name.h"
#include "proxy/server/health.h"
#include "router/price.h"
#include "router/router.h"

namespace arbstr::proxy {
namespace {

using Json = nlohmann::ordered_json;

// By LogHealth.
constexpr std::array<const char*, 3> kLogHealth = {"ok", "failing", "full"};

// Of a model that somebody serves: the cheapest of them owns it.
Json ModelJson(const std::string& id, const router::Router& router) {
  const std::string& owner = router.providers()[router.Serving(id).front()].name;
  return {{"id", id}, {"object", "model"}, {"created", 0}, {"owned_by", owner}};
}

Json ProviderJson(const std::string& name, const ProviderHealth& health) {
  Json json = {{"name", name}, {"breaker", BreakerName(health.breaker)}};
  if (health.breaker == Admission::State::kClosed) return json;
  Json models = Json::array();
  for (const ModelHealth& one : health.models)
    models.push_back({{"model", one.model}, {"breaker", BreakerName(one.breaker)}});
  json["models"] = models;
  json["more_models"] = health.not_named;
  return json;
}

router::Route Decide(Worker& worker, const ChatRequest& request, std::optional<std::string_view> policy) {
  router::Query query = QueryOf(*worker.setup, request, policy, worker.clock.Now());
  query.round_robin = worker.gateway.round_robin.Now(worker.setup->shared->router, request.model);
  return worker.setup->shared->router.Decide(query, worker.route_scratch);
}

// What /v1/cost reads of a body.
struct CostQuestion {
  std::variant<ChatRequest, ApiError> request;
  TokenEstimate tokens;
};

CostQuestion ReadCostQuestion(const BodyBuffer& body, simdjson::dom::parser& parser) {
  CostQuestion question;
  question.request = ReadChatRequest(body, parser);
  if (std::holds_alternative<ChatRequest>(question.request)) question.tokens = EstimateTokens(body, parser);
  return question;
}

Response CostResponse(Worker& worker, const RequestParser& head, const CostQuestion& question) {
  if (const auto* error = std::get_if<ApiError>(&question.request)) return ErrorResponse(*error);
  if (head.HeaderCount("x-arbstr-policy") > 1) return ErrorResponse(PolicyTwiceApiError());
  const auto policy = head.Header("x-arbstr-policy");
  const ChatRequest& request = std::get<ChatRequest>(question.request);
  const router::Route route = Decide(worker, request, policy);
  if (route.error != router::RouteError::kNone) {
    return ErrorResponse(RouteApiError(
        route.error, request, route.policy ? std::string_view(route.policy->name) : policy.value_or("")));
  }
  const router::Provider& provider = worker.setup->shared->router.providers()[route.candidates.front()];
  const TokenEstimate& tokens = question.tokens;
  const Json json = {{"model", request.model},
                     {"provider", provider.name},
                     {"policy", route.policy ? Json(route.policy->name) : Json(nullptr)},
                     {"estimated", true},
                     {"input_tokens", tokens.input_tokens},
                     {"output_tokens", tokens.output_tokens},
                     {"cost_sats", router::CostSats(provider, {tokens.input_tokens, tokens.output_tokens})}};
  return JsonResponse(200, JsonText(json));
}

}  // namespace

Response HealthResponse(const Worker& worker) {
  const Gateway& gateway = worker.gateway;
  const Setup& setup = *worker.setup->shared;
  const ProvidersHealth health = HealthOf(setup, worker.clock.Now());
  Json providers = Json::array();
  for (size_t i = 0; i < setup.upstreams.size(); ++i)
    providers.push_back(ProviderJson(setup.upstreams[i]->config.name, health.providers[i]));
  const LogHealth log = HealthOf(*gateway.log);
  const bool draining = gateway.draining.load();
  const Json json = {{"status", StatusName(health, log, draining)},
                     {"providers", providers},
                     {"log", kLogHealth[static_cast<size_t>(log)]}};
  return JsonResponse(draining || health.nobody_serves || log == LogHealth::kFull ? 503 : 200,
                      JsonText(json));
}

Response ProvidersResponse(const Worker& worker) {
  Json providers = Json::array();
  for (const auto& upstream : worker.setup->shared->upstreams) {
    const ProviderConfig& config = upstream->config;
    providers.push_back(
        {{"name", config.name},
         {"url", DisplayUrl(config.url)},
         {"models", config.models},
         {"input_rate", config.input_rate},
         {"output_rate", config.output_rate},
         {"base_fee", config.base_fee},
         {"has_api_key", !config.api_key.empty()},
         {"api_key", config.api_key.empty() ? Json(nullptr) : Json(MaskKey(config.api_key))}});
  }
  return JsonResponse(200, JsonText(Json({{"providers", providers}})));
}

Response ModelsResponse(const Worker& worker) {
  const router::Router& router = worker.setup->shared->router;
  std::set<std::string> models;
  for (const auto& provider : router.providers())
    models.insert(provider.models.begin(), provider.models.end());
  Json data = Json::array();
  for (const std::string& model : models) data.push_back(ModelJson(model, router));
  return JsonResponse(200, JsonText(Json({{"object", "list"}, {"data", data}})));
}

Response ModelResponse(Worker& worker, const std::string& id) {
  ChatRequest request;
  request.model = id;
  const router::Route route = Decide(worker, request, std::nullopt);
  if (route.error != router::RouteError::kNone) {
    ApiError error = RouteApiError(route.error, request, "");
    error.status = 404;
    return ErrorResponse(error);
  }
  return JsonResponse(200, JsonText(ModelJson(id, worker.setup->shared->router)));
}

Task<std::optional<Response>> AnswerCost(Worker& worker, const RequestParser& head, const BodyBuffer& body) {
  CostQuestion question;
  if (body.size() > kLargeBody) {
    co_await ReadElsewhere(worker,
                           [&](simdjson::dom::parser& parser) { question = ReadCostQuestion(body, parser); });
  } else {
    question = ReadCostQuestion(body, worker.json);
  }
  co_return CostResponse(worker, head, question);
}

}  // namespace arbstr::proxy
