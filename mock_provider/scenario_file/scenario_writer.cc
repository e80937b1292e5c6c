#include "mock_provider/scenario_file/scenario_writer.h"

#include <nlohmann/json.hpp>

#include "mock_provider/scenario_file/dialect_name.h"
#include "mock_provider/scenario_file/put_field.h"
#include "mock_provider/scenario_file/write_action.h"

namespace mock_provider {
namespace {

using nlohmann::ordered_json;

ordered_json ScheduleJson(const std::vector<Window>& windows) {
  ordered_json json = ordered_json::array();
  for (const Window& window : windows) {
    ordered_json& item = json.emplace_back(ordered_json::object());
    item["after_ms"] = window.after_ms;
    Put(item, "for_ms", window.for_ms);
    Put(item, "every_ms", window.every_ms);
  }
  return json;
}

ordered_json MatchJson(const Match& match) {
  ordered_json json = ordered_json::object();
  Put(json, "method", match.method);
  Put(json, "path", match.path);
  Put(json, "model", match.model);
  Put(json, "stream", match.stream);
  for (const auto& [name, glob] : match.headers) json["header"][name] = glob;
  for (const auto& [pointer, value] : match.body) json["body"][pointer] = ordered_json::parse(value);
  Put(json, "prompt_contains", match.prompt_contains);
  return json;
}

ordered_json StepJson(const Step& step) {
  ordered_json json = ActionJson(step.action);
  if (!step.choose.empty()) {
    json = {{"choose", ordered_json::array()}};
    for (const Choice& choice : step.choose) {
      ordered_json item = {{"weight", choice.weight}};
      item.update(ActionJson(choice.action));
      json["choose"].push_back(std::move(item));
    }
  }
  if (step.times != 1) json["times"] = step.times;
  return json;
}

ordered_json RuleJson(const Rule& rule) {
  ordered_json json = {{"name", rule.name}};
  if (ordered_json match = MatchJson(rule.match); !match.empty()) json["match"] = std::move(match);
  switch (rule.key.source) {
    case Key::Source::kNone:
      break;
    case Key::Source::kHeader:
      json["key"] = "header:" + rule.key.name;
      break;
    case Key::Source::kBody:
      json["key"] = "body:" + rule.key.name;
      break;
    case Key::Source::kConnection:
      json["key"] = "connection";
      break;
  }
  Put(json, "probability", rule.probability);
  if (!rule.schedule.empty()) json["schedule"] = ScheduleJson(rule.schedule);
  json["script"] = ordered_json::array();
  for (const Step& step : rule.script) json["script"].push_back(StepJson(step));
  json["then"] = rule.then == Then::kLast ? "last" : rule.then == Then::kRepeat ? "repeat" : "pass";
  return json;
}

ordered_json PaceJson(const StreamPace& pace) {
  ordered_json json = ordered_json::object();
  if (pace.ttft_ms) json["ttft_ms"] = DelayJson(*pace.ttft_ms);
  Put(json, "tps", pace.tps);
  if (pace.jitter > 0) json["jitter"] = pace.jitter;
  return json;
}

ordered_json LimitsJson(const RateLimits& limits) {
  ordered_json json = ordered_json::object();
  Put(json, "rpm", limits.rpm);
  Put(json, "tpm", limits.tpm);
  Put(json, "concurrency", limits.concurrency);
  return json;
}

const char* CertificateName(Tls::Certificate certificate) {
  switch (certificate) {
    case Tls::Certificate::kValid:
      return "valid";
    case Tls::Certificate::kSelfSigned:
      return "self_signed";
    case Tls::Certificate::kExpired:
      return "expired";
    case Tls::Certificate::kWrongName:
      return "wrong_name";
  }
  return "";
}

ordered_json TlsJson(const Tls& tls) {
  switch (tls.handshake) {
    case Tls::Handshake::kHang:
      return {{"handshake", "hang"}};
    case Tls::Handshake::kClose:
      return {{"handshake", "close"}};
    case Tls::Handshake::kNormal:
      break;
  }
  ordered_json json = {{"certificate", CertificateName(tls.certificate)}};
  if (!tls.names.empty()) json["names"] = tls.names;
  return json;
}

ordered_json ProviderJson(const Provider& provider) {
  ordered_json json = {{"name", provider.name}};
  if (!provider.listen.empty()) json["listen"] = provider.listen;
  json["dialect"] = DialectName(provider.dialect);
  if (!provider.models.empty()) json["models"] = provider.models;
  if (!provider.api_keys.empty()) json["api_keys"] = provider.api_keys;
  if (ordered_json pace = PaceJson(provider.stream); !pace.empty()) json["stream"] = std::move(pace);
  if (ordered_json limits = LimitsJson(provider.limits); !limits.empty()) json["limits"] = std::move(limits);
  if (provider.upstream) {
    json["upstream"] = provider.upstream->url;
    if (!provider.upstream->ca_file.empty()) json["upstream_ca_file"] = provider.upstream->ca_file;
    if (!provider.upstream->api_key.empty()) json["upstream_api_key"] = provider.upstream->api_key;
    if (!provider.upstream->api_key_env.empty())
      json["upstream_api_key_env"] = provider.upstream->api_key_env;
  }
  if (provider.tls) json["tls"] = TlsJson(*provider.tls);
  if (!provider.refuse.empty()) {
    json["listener"] = ordered_json::array({{{"refuse", true}, {"schedule", ScheduleJson(provider.refuse)}}});
  }
  json["rules"] = ordered_json::array();
  for (const Rule& rule : provider.rules) json["rules"].push_back(RuleJson(rule));
  return json;
}

}  // namespace

std::string ScenarioJson(const Scenario& scenario) {
  ordered_json json = {{"version", 1}, {"seed", scenario.seed}, {"providers", ordered_json::array()}};
  for (const Provider& provider : scenario.providers) json["providers"].push_back(ProviderJson(provider));
  return json.dump(2);
}

}  // namespace mock_provider
