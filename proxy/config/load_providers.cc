#include "proxy/config/load_providers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>

#include "proxy/config/key_variable.h"
#include "proxy/config/secret.h"
#include "proxy/config/value_names.h"
#include "proxy/http/ascii.h"

namespace arbstr::proxy {
namespace {

constexpr double kMaxRate = 1e15;

// Fields that are the gateway's to write, or that would change where the message ends.
constexpr std::array<std::string_view, 13> kOwnFields = {
    "host",   "content-length",  "transfer-encoding", "connection", "content-type", "accept-encoding", "te",
    "expect", "idempotency-key", "upgrade",           "trailer",    "keep-alive",   "proxy-connection"};

bool IsTokenCharacter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool IsNameCharacter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_' || c == '-';
}

// `name` stays empty where it is wrong.
void ReadName(TomlSection& section, std::string& name) {
  std::optional<std::string> text;
  section.String("name", text);
  if (!text && section.Has("name")) return;  // the mistake is there already
  name = text.value_or("");
  if (name.empty() || name.size() > 64 || !std::ranges::all_of(name, IsNameCharacter)) {
    section.Mistake("name", "every provider needs a name of letters, digits, '.', '_' and '-', at most 64");
    name.clear();
  } else if (name == "none") {
    section.Mistake("name", "\"none\" stands for no provider in metrics and on the dashboard: take another");
  }
}

void ReadUrl(TomlSection& section, ProviderUrl& url) {
  std::optional<std::string> text;
  section.String("url", text);
  if (!section.Has("url")) return section.Mistake("url", "every provider needs a url");
  if (!text) return;
  auto parsed = ParseProviderUrl(*text);
  if (!parsed.ok()) return section.Mistake("url", std::string(parsed.status().message()));
  url = *std::move(parsed);
}

void ReadHeaders(TomlSection& section, std::vector<std::pair<std::string, std::string>>& headers) {
  section.Entries("headers", [&](const toml::key& key, const toml::node& node) {
    const std::string name(key.str());
    if (name.empty() || !std::ranges::all_of(name, IsTokenCharacter)) {
      return section.Mistake("headers", fmt::format("\"{}\" is not a header name", name));
    }
    if (std::ranges::any_of(kOwnFields, [&](auto own) { return EqualsIgnoringCase(own, name); })) {
      return section.Mistake("headers", fmt::format("{} is written by the gateway itself", name));
    }
    if (std::ranges::any_of(headers,
                            [&](const auto& other) { return EqualsIgnoringCase(other.first, name); })) {
      return section.Mistake("headers", fmt::format("{} is there twice: case makes no other header", name));
    }
    if (!node.is_string())
      return section.Mistake("headers", fmt::format("the value of {} must be a string", name));
    auto value = section.Expanded(node, "headers." + name, **node.as_string());
    if (!value) return;
    if (HasControlCharacter(*value))
      return section.Mistake("headers", fmt::format("the value of {} has a control character", name));
    headers.emplace_back(name, *std::move(value));
  });
}

void ReadModels(TomlSection& section, ProviderConfig& provider) {
  section.Strings("models", provider.models);
  if (std::ranges::any_of(provider.models, &std::string::empty))
    section.Mistake("models", "a model's name is empty");
  RefuseGlobs(section, "models", provider.models);
  section.Entries("model_names", [&](const toml::key& key, const toml::node& node) {
    const std::string name(key.str());
    std::optional<std::string> value;
    if (node.is_string()) {
      value = section.Expanded(node, "model_names." + name, **node.as_string());
      if (!value) return;
    }
    if (!value || value->empty()) {
      return section.Mistake("model_names",
                             fmt::format("the value of \"{}\" must be a non-empty string", name));
    }
    provider.model_names[name] = *std::move(value);
    RefuseGlobs(section, "model_names", {name});
  });
}

void FindProxy(TomlSection& section, const Environment& env, ProviderConfig& provider) {
  if (provider.url.host.empty()) return;  // a mistake already
  auto proxy = ProxyFor(provider.url, env);
  if (!proxy.ok()) return section.Mistake("url", std::string(proxy.status().message()));
  provider.proxy = *std::move(proxy);
}

void ReadKey(TomlSection& section, std::string& key) {
  std::optional<std::string> text;
  section.String("api_key", text);
  if (!text) return;
  if (const auto mistake = SecretMistake(*text, "api_key", section.Variables("api_key"))) {
    return section.Mistake("api_key", *mistake);
  }
  key = *std::move(text);
}

// An empty variable is as good as none.
void ReadKeyFrom(const std::string& variable, const Environment& env, TomlSection& section,
                 std::string& key) {
  key = env(variable).value_or("");
  if (key.empty()) return;
  if (const auto mistake = SecretMistake(key, "api_key", {variable})) section.Mistake("name", *mistake);
}

ProviderConfig ReadProvider(TomlSection& section, const Environment& env) {
  ProviderConfig provider;
  ReadName(section, provider.name);
  ReadUrl(section, provider.url);
  FindProxy(section, env, provider);
  ReadKey(section, provider.api_key);
  section.Choice("auth", kAuthNames, provider.auth);
  ReadHeaders(section, provider.headers);
  section.Bool("stream_usage", provider.stream_usage);
  ReadModels(section, provider);
  section.Number("input_rate", 0, kMaxRate, provider.input_rate);
  section.Number("output_rate", 0, kMaxRate, provider.output_rate);
  section.Number("base_fee", 0, kMaxRate, provider.base_fee);
  section.Integer("max_concurrency", 0, 1'000'000, provider.max_concurrency);
  section.String("tls_ca_file", provider.tls_ca_file);
  if (section.Has("tls_ca_file") && provider.tls_ca_file.empty())
    section.Mistake("tls_ca_file", "must not be empty: leave it out for the system's authorities");
  return provider;
}

}  // namespace

void RefuseGlobs(TomlSection& section, const char* key, const std::vector<std::string>& models) {
  for (const std::string& model : models) {
    if (model.find('*') == model.npos) continue;
    section.Mistake(key, fmt::format("\"{}\": there are no globs here, give each model's own name", model));
  }
}

void ReadProviders(TomlSection& file, const Environment& env, const FileChecks& checks,
                   std::vector<ProviderConfig>& providers) {
  std::map<std::string, std::string> variables;  // to the provider that has it
  for (TomlSection& section : file.Tables("providers")) {
    ProviderConfig provider = ReadProvider(section, env);
    if (provider.url.tls && !provider.tls_ca_file.empty() && checks.ca_file) {
      if (const auto mistake = checks.ca_file(provider.tls_ca_file)) section.Mistake("tls_ca_file", *mistake);
    }
    if (provider.name.empty()) {
      // Nothing more can be said about it.
    } else if (std::ranges::find(providers, provider.name, &ProviderConfig::name) != providers.end()) {
      section.Mistake("name", fmt::format("there is another provider named \"{}\"", provider.name));
    } else {
      const std::string variable = KeyVariable(provider.name);
      const auto [other, is_new] = variables.emplace(variable, provider.name);
      if (!is_new) {
        section.Mistake("name", fmt::format("its key variable {} is also that of provider \"{}\"", variable,
                                            other->second));
      }
      if (!section.Has("api_key")) ReadKeyFrom(variable, env, section, provider.api_key);
    }
    section.RefuseUnknownKeys();
    providers.push_back(std::move(provider));
  }
  if (providers.empty())
    file.Mistake("providers", "there is no provider: add [[providers]] with a name and a url");
}

}  // namespace arbstr::proxy
