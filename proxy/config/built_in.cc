#include "proxy/config/built_in.h"

namespace arbstr::proxy {

std::vector<ProviderConfig> MockProviders(const std::vector<MockEndpoint>& endpoints) {
  std::vector<ProviderConfig> providers;
  for (const MockEndpoint& endpoint : endpoints) {
    const double rank = static_cast<double>(providers.size() + 1);
    ProviderConfig provider;
    provider.name = endpoint.name;
    if (auto url = ParseProviderUrl(endpoint.url + "/v1"); url.ok()) provider.url = *std::move(url);
    provider.api_key = endpoint.api_key;
    provider.input_rate = 10'000 * rank;
    provider.output_rate = 30'000 * rank;
    provider.base_fee = 1;
    providers.push_back(std::move(provider));
  }
  return providers;
}

}  // namespace arbstr::proxy
