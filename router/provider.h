#ifndef ARBSTR_ROUTER_PROVIDER_H_
#define ARBSTR_ROUTER_PROVIDER_H_

#include <string>
#include <vector>

namespace arbstr::router {

// What routing knows about a provider.
struct Provider {
  std::string name;
  std::vector<std::string> models;  // empty: serves every model
  double input_rate = 0;            // sats per 1M tokens
  double output_rate = 0;           // sats per 1M tokens
  double base_fee = 0;              // sats per request
};

}  // namespace arbstr::router

#endif  // ARBSTR_ROUTER_PROVIDER_H_
