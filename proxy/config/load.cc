#include "proxy/config/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <system_error>

#include "proxy/config/load_providers.h"
#include "proxy/config/load_warnings.h"
#include "proxy/config/secret.h"
#include "proxy/config/toml_section.h"
#include "proxy/config/value_names.h"
#include "proxy/config/web_origin.h"

namespace arbstr::proxy {
namespace {

constexpr std::int64_t kMaxSize = std::int64_t{1} << 31;
constexpr std::int64_t kMaxCount = 1'000'000;

// At the end of a header's value, whose outer spaces are none of it (RFC 9110 §5.5).
bool CanBeSent(const std::string& token) {
  return !HasControlCharacter(token) && !token.starts_with(' ') && !token.ends_with(' ');
}

void ReadListen(TomlSection& section, ListenAddress& listen) {
  std::optional<std::string> text;
  section.String("listen", text);
  if (!text) return;
  auto address = ParseListenAddress(*text);
  if (!address.ok()) return section.Mistake("listen", std::string(address.status().message()));
  listen = *address;
}

void ReadAuthToken(TomlSection& section, std::optional<std::string>& token) {
  section.String("auth_token", token);
  if (!token) return;
  if (token->empty()) return section.Mistake("auth_token", "must not be empty: leave it out");
  if (!CanBeSent(*token)) {
    section.Mistake(
        "auth_token",
        "has a control character, such as a line end, or a space at an end: nobody could send it");
  } else if (const auto mistake = SecretMistake(*token, "auth_token", section.Variables("auth_token"))) {
    section.Mistake("auth_token", *mistake);
  }
}

void ReadCorsOrigins(TomlSection& section, std::vector<std::string>& origins) {
  section.Strings("cors_origins", origins);
  for (const std::string& origin : origins) {
    if (origin == "*" || IsWebOrigin(origin)) continue;
    section.Mistake(
        "cors_origins",
        fmt::format(
            "\"{}\" is no origin as browsers send it: write SCHEME://HOST, or SCHEME://HOST:PORT where "
            "the port is not the scheme's own, in lower case and without a path; or \"*\"",
            origin));
  }
}

void ReadListenerTls(TomlSection& section, const FileChecks& checks, ServerConfig& server) {
  section.String("tls_certificate", server.tls_certificate);
  section.String("tls_key", server.tls_key);
  if (server.tls_certificate.has_value() != server.tls_key.has_value()) {
    section.Mistake(server.tls_certificate ? "tls_certificate" : "tls_key",
                    "tls_certificate and tls_key go together: give both or neither");
  } else if (server.tls_certificate && checks.listener) {
    if (const auto mistake = checks.listener(*server.tls_certificate, *server.tls_key)) {
      section.Mistake(mistake->key, mistake->what);
    }
  }
}

void ReadServer(TomlSection section, const FileChecks& checks, ServerConfig& server) {
  ReadListen(section, server.listen);
  section.Integer("threads", 0, 1024, server.threads);
  ReadAuthToken(section, server.auth_token);
  section.Integer("rate_limit_rps", 0, kMaxCount, server.rate_limit_rps);
  section.Integer("max_connections", 1, kMaxCount, server.max_connections);
  section.Integer("max_body_bytes", 1, kMaxSize, server.max_body_bytes);
  section.Integer("max_response_bytes", 1, kMaxSize, server.max_response_bytes);
  section.Integer("max_header_bytes", 1024, 1 << 24, server.max_header_bytes);
  section.Millis("header_timeout_ms", 1, server.header_timeout);
  section.Millis("body_timeout_ms", 1, server.body_timeout);
  section.Millis("idle_timeout_ms", 1, server.idle_timeout);
  section.Millis("drain_timeout_ms", 0, server.drain_timeout);
  ReadCorsOrigins(section, server.cors_origins);
  ReadListenerTls(section, checks, server);
  if (server.auth_token && server.auth_token->size() >= static_cast<size_t>(server.max_header_bytes)) {
    section.Mistake("auth_token", "is longer than a request's head may be (max_header_bytes)");
  }
  section.RefuseUnknownKeys();
}

void ReadDatabase(TomlSection section, DatabaseConfig& database) {
  section.String("path", database.path);
  if (database.path.empty()) section.Mistake("path", "must not be empty");
  section.Choice("durability", kDurabilityNames, database.durability);
  section.Integer("retention_days", 0, 36500, database.retention_days);
  section.RefuseUnknownKeys();
}

void ReadStatuses(TomlSection& section, const char* key, std::vector<int>& out) {
  std::vector<std::int64_t> statuses(out.begin(), out.end());
  section.Integers(key, 400, 599, statuses);
  out.assign(statuses.begin(), statuses.end());
}

void ReadDeadlines(TomlSection& section, RetryConfig& retry) {
  section.Millis("deadline_ms", 1, retry.deadline);
  section.Millis("max_deadline_ms", 1, retry.max_deadline);
  section.Entries("deadline_by_model", [&](const toml::key& model, const toml::node& node) {
    const auto value = node.is_integer() ? node.value<std::int64_t>() : std::nullopt;
    if (!value || *value < 1 || *value > TomlSection::kLongestMillis) {
      return section.Mistake("deadline_by_model",
                             fmt::format("\"{}\" must be a whole number of milliseconds from 1 to {}",
                                         model.str(), TomlSection::kLongestMillis));
    }
    retry.deadline_by_model.emplace_back(std::string(model.str()), std::chrono::milliseconds(*value));
  });
}

void ReadRetry(TomlSection section, RetryConfig& retry) {
  section.Integer("max_retries", 0, 100, retry.max_retries);
  std::vector<std::int64_t> backoff;
  for (const auto wait : retry.backoff) backoff.push_back(wait.count());
  section.Integers("backoff_ms", 0, 3'600'000, backoff);
  if (backoff.empty()) section.Mistake("backoff_ms", "must hold at least one wait");
  retry.backoff.clear();
  for (const auto wait : backoff) retry.backoff.emplace_back(wait);
  section.Number("jitter", 0, 1, retry.jitter);
  ReadDeadlines(section, retry);
  section.Millis("connect_timeout_ms", 1, retry.connect_timeout);
  section.Millis("attempt_timeout_ms", 0, retry.attempt_timeout);
  section.Millis("retry_after_max_ms", 0, retry.retry_after_max);
  section.Integer("fallbacks", 0, 1000, retry.fallbacks);
  ReadStatuses(section, "statuses", retry.statuses);
  ReadStatuses(section, "fallback_statuses", retry.fallback_statuses);
  section.Choice("streaming", kStreamingRetryNames, retry.streaming);
  section.Millis("first_event_ms", 1, retry.first_event);
  section.Millis("stream_idle_ms", 1, retry.stream_idle);
  section.Integer("budget_percent", 0, 100, retry.budget_percent);
  section.Integer("budget_min_per_s", 0, kMaxCount, retry.budget_min_per_s);
  section.RefuseUnknownKeys();
}

void ReadPolicies(TomlSection section, router::Policies& policies) {
  section.Choice("default_strategy", kStrategyNames, policies.default_strategy);
  std::set<std::string> names;
  for (TomlSection& entry : section.Tables("rules")) {
    router::PolicyRule rule;
    entry.String("name", rule.name);
    if (rule.name.empty()) {
      entry.Mistake("name", "every rule needs a name");
    } else if (!names.insert(rule.name).second) {
      entry.Mistake("name", fmt::format("there is another rule named \"{}\"", rule.name));
    }
    entry.Strings("allowed_models", rule.allowed_models);
    RefuseGlobs(entry, "allowed_models", rule.allowed_models);
    if (entry.Has("strategy")) {
      rule.strategy = policies.default_strategy;
      entry.Choice("strategy", kStrategyNames, *rule.strategy);
    }
    if (entry.Has("max_sats_per_1m_output")) {
      rule.max_sats_per_1m_output = 0;
      entry.Number("max_sats_per_1m_output", 0, 1e15, *rule.max_sats_per_1m_output);
    }
    entry.Strings("keywords", rule.keywords);
    if (std::ranges::find(rule.keywords, "") != rule.keywords.end()) {
      entry.Mistake("keywords", "an empty one is part of every message");
    }
    entry.RefuseUnknownKeys();
    policies.rules.push_back(std::move(rule));
  }
  section.RefuseUnknownKeys();
}

void ReadCircuitBreaker(TomlSection section, CircuitBreakerConfig& breaker) {
  section.Integer("failures", 0, kMaxCount, breaker.failures);
  section.Millis("open_ms", 1, breaker.open);
  section.RefuseUnknownKeys();
}

void ReadLogging(TomlSection section, LoggingConfig& logging) {
  section.Choice("level", kLogLevelNames, logging.level);
  section.Choice("format", kLogFormatNames, logging.format);
  section.Bool("bodies", logging.bodies);
  section.RefuseUnknownKeys();
}

// A key of many parts is a table in a table in a table, which the parser walks and destroys by recursion.
constexpr std::ptrdiff_t kMostDots = 5000;

std::optional<size_t> TooDeepLine(std::string_view text) {
  for (size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    if (std::ranges::count(line, '.') > kMostDots) return number;
    text.remove_prefix(std::min(text.size(), line.size() + 1));
  }
  return std::nullopt;
}

// What the TOML parser says, without what it met: that may be a key whose quotes were forgotten.
std::string WithoutValue(std::string description) {
  description = description.substr(0, description.find(", saw '"));
  const std::size_t open = description.find(": '"), close = description.rfind("' ");
  if (open != description.npos && close != description.npos && close > open) {
    description.replace(open + 2, close - open - 1, "the value");
  }
  return description;
}

}  // namespace

LoadResult LoadConfig(const std::string& toml_text, const std::string& file_name, const Environment& env,
                      const FileChecks& checks) {
  LoadResult result;
  Diagnostics errors(file_name);
  if (const auto line = TooDeepLine(toml_text)) {
    result.errors = {
        fmt::format("{}:{}:1: TOML: the line has more than {} dots: nothing here is nested so deep",
                    file_name, *line, kMostDots)};
    return result;
  }
  toml::table root;
  try {
    root = toml::parse(toml_text, file_name);
  } catch (const toml::parse_error& error) {
    errors.Add(error.source(), "TOML", WithoutValue(std::string(error.description())));
    result.errors = errors.Take();
    return result;
  }
  Config config;
  TomlSection file(&root, "", errors, env);
  ReadServer(file.Table("server"), checks, config.server);
  ReadDatabase(file.Table("database"), config.database);
  ReadRetry(file.Table("retry"), config.retry);
  ReadProviders(file, env, checks, config.providers);
  ReadPolicies(file.Table("policies"), config.policies);
  ReadCircuitBreaker(file.Table("circuit_breaker"), config.circuit_breaker);
  ReadLogging(file.Table("logging"), config.logging);
  file.RefuseUnknownKeys();
  result.errors = errors.Take();
  if (!result.errors.empty()) return result;
  Diagnostics warnings(file_name);
  WarnOf(TomlSection(&root, "", warnings, env), config);
  result.warnings = warnings.Take();
  result.config = std::move(config);
  return result;
}

LoadResult LoadConfigFile(const std::string& path, const Environment& env, const FileChecks& checks) {
  std::ifstream file(path);
  std::error_code error(file ? 0 : errno, std::generic_category());
  if (std::error_code ignored; std::filesystem::is_directory(path, ignored)) {
    error = std::make_error_code(std::errc::is_a_directory);
  }
  std::ostringstream text;
  if (!error) text << file.rdbuf();
  if (!error && !file) error = std::make_error_code(std::errc::io_error);
  if (error)
    return {std::nullopt, {fmt::format("{}: the file cannot be read: {}", path, error.message())}, {}};
  return LoadConfig(text.str(), path, env, checks);
}

}  // namespace arbstr::proxy
