#include "proxy/setup.h"

#include <algorithm>

namespace arbstr::proxy {
namespace {

std::vector<router::Provider> RouterProviders(const std::vector<ProviderConfig>& providers) {
  std::vector<router::Provider> result;
  for (const auto& p : providers)
    result.push_back({p.name, p.models, p.input_rate, p.output_rate, p.base_fee});
  return result;
}

Admission::Limits LimitsOf(const Config& config, const ProviderConfig& provider) {
  return {.breaker = {.failures = config.circuit_breaker.failures, .open_for = config.circuit_breaker.open},
          .budget = {.percent = config.retry.budget_percent, .min_per_s = config.retry.budget_min_per_s},
          .max_concurrency = provider.max_concurrency};
}

retry::StatusSet ToSet(const std::vector<int>& statuses) {
  retry::StatusSet set;
  for (const int status : statuses) set.set(static_cast<size_t>(status));
  return set;
}

retry::RetryPolicy RetryPolicyOf(const RetryConfig& config) {
  retry::RetryPolicy policy;
  policy.max_retries = config.max_retries;
  policy.backoff = config.backoff;
  policy.jitter = config.jitter;
  policy.retry_after_max = config.retry_after_max;
  policy.fallbacks = config.fallbacks;
  policy.statuses = ToSet(config.statuses);
  policy.fallback_statuses = ToSet(config.fallback_statuses);
  return policy;
}

retry::RetryPolicy StreamPolicy(retry::RetryPolicy policy, StreamingRetry streaming) {
  if (streaming == StreamingRetry::kBeforeFirstToken) return policy;
  policy.max_retries = 0;
  policy.fallbacks = 0;
  return policy;
}

// The position in `previous` of the provider that `fits`, or its size.
template <typename Fits>
size_t Find(const Setup& previous, Fits fits) {
  const auto& all = previous.upstreams;
  return static_cast<size_t>(std::ranges::find_if(all, [&](const auto& u) { return fits(u->config); }) -
                             all.begin());
}

absl::StatusOr<std::shared_ptr<const Upstream>> UpstreamFor(const ProviderConfig& provider,
                                                            const Setup* previous) {
  // A file of authorities may say something else now.
  if (previous != nullptr && provider.tls_ca_file.empty()) {
    const size_t same = Find(*previous, [&](const ProviderConfig& old) { return old == provider; });
    if (same < previous->upstreams.size()) return previous->upstreams[same];
  }
  auto made = MakeUpstream(provider);
  if (!made.ok()) return made.status();
  return std::make_shared<const Upstream>(*std::move(made));
}

// The models that some provider lists and this one serves: a breaker of each is kept, whatever clients
// invent.
Admission::Models ListedModels(const Config& config, const ProviderConfig& provider) {
  if (!provider.models.empty()) return {provider.models.begin(), provider.models.end()};
  Admission::Models all;
  for (const ProviderConfig& other : config.providers) all.insert(other.models.begin(), other.models.end());
  return all;
}

// One that stays is told its new limits.
std::shared_ptr<Admission> AdmissionFor(const ProviderConfig& provider, const Admission::Limits& limits,
                                        const Setup* previous) {
  if (previous != nullptr) {
    const size_t same = Find(*previous, [&](const ProviderConfig& old) {
      return old.name == provider.name && old.url == provider.url;
    });
    if (same < previous->admissions.size()) {
      previous->admissions[same]->SetLimits(limits);
      return previous->admissions[same];
    }
  }
  return std::make_shared<Admission>(provider.name, limits);
}

}  // namespace

Setup::Setup(const Config& config, std::vector<std::shared_ptr<const Upstream>> u,
             std::vector<std::shared_ptr<Admission>> a, std::shared_ptr<asio::ssl::context> t)
    : retry(config.retry),
      upstreams(std::move(u)),
      admissions(std::move(a)),
      router(RouterProviders(config.providers), config.policies),
      retry_policy(RetryPolicyOf(config.retry)),
      stream_policy(StreamPolicy(retry_policy, config.retry.streaming)),
      tls(std::move(t)) {}

absl::StatusOr<std::shared_ptr<const Setup>> BuildSetup(const Config& config, const Setup* previous) {
  std::vector<std::shared_ptr<const Upstream>> upstreams;
  for (const ProviderConfig& provider : config.providers) {
    auto upstream = UpstreamFor(provider, previous);
    if (!upstream.ok()) return upstream.status();
    upstreams.push_back(*std::move(upstream));
  }
  ServerTls tls;
  if (config.server.tls_certificate) {
    tls = MakeServerTls(*config.server.tls_certificate, *config.server.tls_key);
    if (!tls.context) return absl::InvalidArgumentError(tls.mistake);
  }
  // From here on nothing fails, and the limits of what goes on may be changed.
  std::vector<std::shared_ptr<Admission>> admissions;
  for (const ProviderConfig& provider : config.providers) {
    admissions.push_back(AdmissionFor(provider, LimitsOf(config, provider), previous));
    admissions.back()->SetListed(ListedModels(config, provider));
  }
  return std::make_shared<const Setup>(config, std::move(upstreams), std::move(admissions),
                                       std::move(tls.context));
}

}  // namespace arbstr::proxy
