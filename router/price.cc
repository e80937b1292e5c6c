#include "router/price.h"

namespace arbstr::router {

double CostSats(const Provider& provider, const Usage& usage) {
  const double per_million = static_cast<double>(usage.input_tokens) * provider.input_rate +
                             static_cast<double>(usage.output_tokens) * provider.output_rate;
  return per_million / 1e6 + provider.base_fee;
}

double NominalPrice(const Provider& provider) {
  return CostSats(provider, {.input_tokens = 1000, .output_tokens = 500});
}

}  // namespace arbstr::router
