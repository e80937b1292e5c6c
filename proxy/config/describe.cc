#include "proxy/config/describe.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "proxy/config/display_url.h"
#include "proxy/config/key_variable.h"
#include "proxy/config/mask.h"
#include "proxy/config/value_names.h"
#include "router/price.h"

namespace arbstr::proxy {
namespace {

std::string Quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      quoted += fmt::format("\\u{:04x}", byte);
      continue;
    }
    if (c == '"' || c == '\\') quoted.push_back('\\');
    quoted.push_back(c);
  }
  return quoted + "\"";
}

template <typename Range, typename Format>
std::string Joined(const Range& range, Format format) {
  std::string text;
  for (const auto& entry : range) text += (text.empty() ? "" : ", ") + format(entry);
  return text;
}

std::string QuotedList(const std::vector<std::string>& list) { return "[" + Joined(list, Quoted) + "]"; }

std::string DescribeServer(const ServerConfig& s) {
  std::string text =
      fmt::format("[server]\nlisten = {}\nthreads = {}\n", Quoted(ToString(s.listen)), s.threads);
  if (s.auth_token) text += fmt::format("auth_token = {}\n", Quoted(MaskKey(*s.auth_token)));
  if (s.tls_certificate) text += fmt::format("tls_certificate = {}\n", Quoted(*s.tls_certificate));
  if (s.tls_key) text += fmt::format("tls_key = {}\n", Quoted(*s.tls_key));
  return text +
         fmt::format(
             "rate_limit_rps = {}\nmax_connections = {}\nmax_body_bytes = {}\nmax_response_bytes = {}\n"
             "max_header_bytes = {}\nheader_timeout_ms = {}\nbody_timeout_ms = {}\nidle_timeout_ms = {}\n"
             "drain_timeout_ms = {}\ncors_origins = {}\n",
             s.rate_limit_rps, s.max_connections, s.max_body_bytes, s.max_response_bytes, s.max_header_bytes,
             s.header_timeout.count(), s.body_timeout.count(), s.idle_timeout.count(),
             s.drain_timeout.count(), QuotedList(s.cors_origins));
}

std::string DescribeRetry(const RetryConfig& r) {
  return fmt::format(
      "[retry]\nmax_retries = {}\nbackoff_ms = [{}]\njitter = {}\ndeadline_ms = {}\nmax_deadline_ms = {}\n"
      "deadline_by_model = {{ {} }}\nconnect_timeout_ms = {}\nattempt_timeout_ms = {}\n"
      "retry_after_max_ms = {}\nfallbacks = {}\nstatuses = [{}]\nfallback_statuses = [{}]\n"
      "streaming = {}\nfirst_event_ms = {}\nstream_idle_ms = {}\n"
      "budget_percent = {}\nbudget_min_per_s = {}\n",
      r.max_retries, Joined(r.backoff, [](auto wait) { return fmt::to_string(wait.count()); }), r.jitter,
      r.deadline.count(), r.max_deadline.count(),
      Joined(r.deadline_by_model,
             [](const auto& d) { return fmt::format("{} = {}", Quoted(d.first), d.second.count()); }),
      r.connect_timeout.count(), r.attempt_timeout.count(), r.retry_after_max.count(), r.fallbacks,
      fmt::join(r.statuses, ", "), fmt::join(r.fallback_statuses, ", "),
      Quoted(NameOf(kStreamingRetryNames, r.streaming)), r.first_event.count(), r.stream_idle.count(),
      r.budget_percent, r.budget_min_per_s);
}

std::string DescribeProvider(const ProviderConfig& p) {
  std::string text =
      fmt::format("[[providers]]\nname = {}\nurl = {}\n", Quoted(p.name), Quoted(DisplayUrl(p.url)));
  if (p.proxy)
    text += fmt::format("# by way of the proxy {}, from the environment\n", DisplayProxy(*p.proxy));
  text += p.api_key.empty()
              ? fmt::format("# no api_key (where it is left out, {}): no credentials are sent\n",
                            KeyVariable(p.name))
              : fmt::format("api_key = {}\n", Quoted(MaskKey(p.api_key)));
  text += fmt::format("auth = {}\n", Quoted(NameOf(kAuthNames, p.auth)));
  text += fmt::format("headers = {{ {} }}\n", Joined(p.headers, [](const auto& h) {
                        return fmt::format("{} = {}", Quoted(h.first), Quoted(MaskKey(h.second)));
                      }));
  text += fmt::format("stream_usage = {}\nmodels = {}\n", p.stream_usage, QuotedList(p.models));
  text += fmt::format("model_names = {{ {} }}\n", Joined(p.model_names, [](const auto& m) {
                        return fmt::format("{} = {}", Quoted(m.first), Quoted(m.second));
                      }));
  text += fmt::format("input_rate = {}\noutput_rate = {}\nbase_fee = {}\nmax_concurrency = {}\n",
                      p.input_rate, p.output_rate, p.base_fee, p.max_concurrency);
  if (!p.tls_ca_file.empty()) text += fmt::format("tls_ca_file = {}\n", Quoted(p.tls_ca_file));
  return text;
}

std::string DescribePolicies(const router::Policies& policies) {
  std::string text = fmt::format("[policies]\ndefault_strategy = {}\n",
                                 Quoted(NameOf(kStrategyNames, policies.default_strategy)));
  for (const auto& rule : policies.rules) {
    text += fmt::format("\n[[policies.rules]]\nname = {}\nallowed_models = {}\nstrategy = {}\n",
                        Quoted(rule.name), QuotedList(rule.allowed_models),
                        Quoted(NameOf(kStrategyNames, rule.strategy.value_or(policies.default_strategy))));
    if (rule.max_sats_per_1m_output) {
      text += fmt::format("max_sats_per_1m_output = {}\n", *rule.max_sats_per_1m_output);
    }
    text += fmt::format("keywords = {}\n", QuotedList(rule.keywords));
  }
  return text;
}

double NominalPrice(const ProviderConfig& p) {
  router::Provider rates;
  rates.input_rate = p.input_rate;
  rates.output_rate = p.output_rate;
  rates.base_fee = p.base_fee;
  return router::NominalPrice(rates);
}

}  // namespace

std::string DescribeConfig(const Config& config) {
  std::string text = DescribeServer(config.server);
  text += fmt::format(
      "\n[database]\npath = {}\ndurability = {}\nretention_days = {}\n\n", Quoted(config.database.path),
      Quoted(NameOf(kDurabilityNames, config.database.durability)), config.database.retention_days);
  text += DescribeRetry(config.retry) + "\n";
  for (const auto& provider : config.providers) text += DescribeProvider(provider) + "\n";
  text += DescribePolicies(config.policies);
  text += fmt::format("\n[circuit_breaker]\nfailures = {}\nopen_ms = {}\n", config.circuit_breaker.failures,
                      config.circuit_breaker.open.count());
  text += fmt::format("\n[logging]\nlevel = {}\nformat = {}\nbodies = {}\n",
                      Quoted(NameOf(kLogLevelNames, config.logging.level)),
                      Quoted(NameOf(kLogFormatNames, config.logging.format)), config.logging.bodies);
  return text;
}

std::string DescribeProviders(const Config& config) {
  std::vector<const ProviderConfig*> order;
  for (const auto& provider : config.providers) order.push_back(&provider);
  std::ranges::sort(order, [](const ProviderConfig* a, const ProviderConfig* b) {
    return std::pair(NominalPrice(*a), a->name) < std::pair(NominalPrice(*b), b->name);
  });
  std::string text = fmt::format("{:<20} {:>14} {:>12} {:>12} {:>9}  {:<9} {}\n", "PROVIDER", "NOMINAL SATS",
                                 "INPUT/1M", "OUTPUT/1M", "BASE FEE", "KEY", "MODELS");
  for (const ProviderConfig* p : order) {
    text += fmt::format("{:<20} {:>14.4f} {:>12} {:>12} {:>9}  {:<9} {}\n", p->name, NominalPrice(*p),
                        p->input_rate, p->output_rate, p->base_fee,
                        p->api_key.empty() ? "-" : MaskKey(p->api_key),
                        p->models.empty() ? "every model" : fmt::format("{}", fmt::join(p->models, ", ")));
  }
  return text;
}

}  // namespace arbstr::proxy
