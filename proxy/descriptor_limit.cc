#include "proxy/descriptor_limit.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <limits>

namespace arbstr::proxy {
namespace {

// A request has one connection to a provider at a time.
std::uint64_t ToProviders(const Config& config) {
  std::uint64_t most = 0;
  for (const ProviderConfig& provider : config.providers) {
    if (provider.max_concurrency == 0) return config.server.max_connections;
    most += provider.max_concurrency;
  }
  return std::min<std::uint64_t>(most, config.server.max_connections);
}

}  // namespace

std::uint64_t RaiseDescriptorLimit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::numeric_limits<std::uint64_t>::max();
  const rlim_t before = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  return ::setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : before;
}

std::optional<std::string> DescriptorWarning(const Config& config, std::uint64_t limit) {
  const std::uint64_t clients = config.server.max_connections, providers = ToProviders(config);
  const std::uint64_t most = clients + providers;
  if (most <= limit) return std::nullopt;
  return fmt::format(
      "server.max_connections = {} clients and up to {} connections to providers can take {} file "
      "descriptors, but the limit is {}: past it providers cannot be connected to. Raise it (ulimit -n, "
      "systemd's LimitNOFILE) or lower max_connections",
      clients, providers, most, limit);
}

}  // namespace arbstr::proxy
