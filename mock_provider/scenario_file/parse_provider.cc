#include "mock_provider/scenario_file/parse_provider.h"

#include <fmt/format.h>

#include <set>

#include "mock_provider/http/listen_address.h"
#include "mock_provider/http/server_name.h"
#include "mock_provider/http/upstream_url.h"
#include "mock_provider/scenario_file/dialect_name.h"
#include "mock_provider/scenario_file/parse_delay.h"
#include "mock_provider/scenario_file/parse_rule.h"
#include "mock_provider/scenario_file/parse_schedule.h"

namespace mock_provider {
namespace {

using json = nlohmann::ordered_json;

StreamPace ParsePace(const json& value, const std::string& path, Mistakes& mistakes) {
  ObjectReader reader(value, path, mistakes);
  StreamPace pace;
  pace.ttft_ms = ParseDelay(reader, "ttft_ms", mistakes);
  pace.tps = reader.Number("tps", 0.001, 1e6);
  pace.jitter = reader.Number("jitter", 0, 1).value_or(0);
  if (reader.Has("jitter") && !reader.Has("tps"))
    reader.Mistake("jitter", "contradictory without tps to vary");
  reader.Finish();
  return pace;
}

void ParseListener(ObjectReader& provider, Mistakes& mistakes, std::vector<Window>& refuse) {
  provider.Each("listener", [&](const json& element, const std::string& path) {
    ObjectReader reader(element, path, mistakes);
    const auto refuses = reader.Bool("refuse");
    if (!refuses.value_or(false))
      reader.Mistake("refuse", "is needed, and true: nothing else can be said here");
    std::vector<Window> windows = ParseSchedule(reader, "schedule", mistakes);
    if (!reader.Has("schedule")) windows.emplace_back();  // always
    refuse.insert(refuse.end(), windows.begin(), windows.end());
    reader.Finish();
  });
}

RateLimits ParseLimits(const json& value, const std::string& path, Mistakes& mistakes) {
  constexpr std::int64_t kMost = 1'000'000'000'000;
  ObjectReader reader(value, path, mistakes);
  RateLimits limits;
  limits.rpm = reader.Integer("rpm", 1, kMost);
  limits.tpm = reader.Integer("tpm", 1, kMost);
  limits.concurrency = reader.Integer("concurrency", 1, kMost);
  if (value.is_object() && value.empty()) mistakes.Add(path, "needs rpm, tpm or concurrency");
  reader.Finish();
  return limits;
}

void ParseNames(ObjectReader& reader, Tls& tls) {
  tls.names = reader.Strings("names");
  if (!reader.Has("names")) return;
  if (tls.names.empty()) reader.Mistake("names", "lists none: leave it out");
  for (const std::string& name : tls.names) {
    if (!IsIpAddress(name) && !IsDnsName(name))
      reader.Mistake("names", fmt::format("\"{}\" is neither a DNS name nor an address", name));
  }
  if (tls.certificate == Tls::Certificate::kWrongName)
    reader.Mistake("names", "contradictory beside a certificate for a wrong name");
  if (tls.handshake != Tls::Handshake::kNormal)
    reader.Mistake("names", "contradictory beside handshake, which shows no certificate");
}

Tls ParseTls(const json& value, const std::string& path, Mistakes& mistakes) {
  ObjectReader reader(value, path, mistakes);
  Tls tls;
  if (const auto kind = reader.OneOf("certificate", {"valid", "self_signed", "expired", "wrong_name"})) {
    constexpr Tls::Certificate kKinds[] = {Tls::Certificate::kValid, Tls::Certificate::kSelfSigned,
                                           Tls::Certificate::kExpired, Tls::Certificate::kWrongName};
    tls.certificate = kKinds[*kind];
  }
  if (const auto way = reader.OneOf("handshake", {"hang", "close"})) {
    tls.handshake = *way == 0 ? Tls::Handshake::kHang : Tls::Handshake::kClose;
    if (reader.Has("certificate"))
      reader.Mistake("handshake", "contradictory beside certificate, which it never shows");
  }
  ParseNames(reader, tls);
  reader.Finish();
  return tls;
}

std::optional<Upstream> ParseUpstream(ObjectReader& reader) {
  Upstream upstream;
  const auto url = reader.String("upstream");
  upstream.url = url.value_or("");
  upstream.ca_file = reader.String("upstream_ca_file").value_or("");
  upstream.api_key = reader.String("upstream_api_key").value_or("");
  upstream.api_key_env = reader.String("upstream_api_key_env").value_or("");
  if (!reader.Has("upstream")) {
    for (const char* field : {"upstream_ca_file", "upstream_api_key", "upstream_api_key_env"}) {
      if (reader.Has(field)) reader.Mistake(field, "contradictory without upstream");
    }
    return std::nullopt;
  }
  for (const auto& [field, value] :
       {std::pair("upstream_ca_file", &upstream.ca_file), std::pair("upstream_api_key", &upstream.api_key),
        std::pair("upstream_api_key_env", &upstream.api_key_env)}) {
    if (reader.Has(field) && value->empty()) reader.Mistake(field, "must not be empty: leave it out");
  }
  if (!url) return std::nullopt;
  if (const auto parsed = ParseUpstreamUrl(upstream.url); !parsed.ok()) {
    reader.Mistake("upstream", std::string(parsed.status().message()));
  } else if (!parsed->tls && reader.Has("upstream_ca_file")) {
    reader.Mistake("upstream_ca_file", "contradictory beside an upstream without TLS");
  }
  if (reader.Has("upstream_api_key") && reader.Has("upstream_api_key_env"))
    reader.Mistake("upstream_api_key_env", "contradictory beside upstream_api_key");
  if (upstream.api_key.find_first_of("\r\n") != std::string::npos)
    reader.Mistake("upstream_api_key", "must be one line");
  return upstream;
}

// By their places; one whose name another rule has got gets one behind all of those.
void NameTheNameless(std::vector<Rule>& rules, std::set<std::string> taken) {
  const auto name_of = [](std::size_t number) { return fmt::format("rule-{}", number); };
  std::size_t spare = rules.size();
  for (std::size_t i = 0; i < rules.size(); ++i) {
    std::string& name = rules[i].name;
    if (!name.empty()) continue;
    name = name_of(i);
    while (!taken.insert(name).second) name = name_of(spare++);
  }
}

}  // namespace

Provider ParseProvider(const json& value, const std::string& path, Mistakes& mistakes) {
  ObjectReader reader(value, path, mistakes);
  Provider provider;
  provider.name = reader.String("name").value_or("");
  if (provider.name.empty() && value.is_object()) reader.Mistake("name", "a provider needs one");
  if (provider.name.find_first_of("\r\n") != std::string::npos) reader.Mistake("name", "must be one line");
  provider.listen = reader.String("listen").value_or("");
  if (!provider.listen.empty()) {
    if (const auto address = ParseListenAddress(provider.listen); !address.ok()) {
      reader.Mistake("listen", std::string(address.status().message()));
    }
  }
  provider.dialect = ParseDialect(reader, "dialect").value_or(Dialect::kOpenAi);
  provider.models = reader.Strings("models");
  if (reader.Has("models") && provider.models.empty()) reader.Mistake("models", "lists none: leave it out");
  provider.api_keys = reader.Strings("api_keys");
  if (reader.Has("api_keys") && provider.api_keys.empty())
    reader.Mistake("api_keys", "lists none: leave it out for any to do");
  reader.Each("api_keys", [&](const json& key, const std::string& key_path) {
    if (key == "") mistakes.Add(key_path, "must not be empty: requests without a key would have it");
  });
  if (const json* stream = reader.Find("stream")) {
    provider.stream = ParsePace(*stream, reader.PathOf("stream"), mistakes);
  }
  ParseListener(reader, mistakes, provider.refuse);
  if (const json* limits = reader.Find("limits")) {
    provider.limits = ParseLimits(*limits, reader.PathOf("limits"), mistakes);
  }
  if (const json* tls = reader.Find("tls")) provider.tls = ParseTls(*tls, reader.PathOf("tls"), mistakes);
  provider.upstream = ParseUpstream(reader);
  provider.rules = ParseRules(reader, mistakes);
  reader.Finish();
  return provider;
}

std::vector<Rule> ParseRules(ObjectReader& object, Mistakes& mistakes) {
  std::vector<Rule> rules;
  std::set<std::string> names;
  object.Each("rules", [&](const json& element, const std::string& path) {
    Rule rule = ParseRule(element, path, mistakes);
    if (!rule.name.empty() && !names.insert(rule.name).second) {
      mistakes.Add(path + ".name", fmt::format("\"{}\" is the name of an earlier rule too", rule.name));
    }
    rules.push_back(std::move(rule));
  });
  NameTheNameless(rules, std::move(names));
  return rules;
}

}  // namespace mock_provider
