#ifndef ARBSTR_MOCK_PROVIDER_HTTP_PROVIDER_URL_H_
#define ARBSTR_MOCK_PROVIDER_HTTP_PROVIDER_URL_H_

#include <string>

namespace mock_provider {

// Where a provider of the scenario listens.
struct ProviderUrl {
  std::string name;
  std::string url;  // "http://127.0.0.1:40123", without a path
};

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_HTTP_PROVIDER_URL_H_
