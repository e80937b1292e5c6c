#ifndef ARBSTR_ROUTER_PRICE_H_
#define ARBSTR_ROUTER_PRICE_H_

#include <cstdint>

#include "router/provider.h"

namespace arbstr::router {

// Tokens as a provider's `usage` counts them.
struct Usage {
  std::int64_t input_tokens = 0;
  std::int64_t output_tokens = 0;
};

// Sats for a request with that usage, base fee included.
double CostSats(const Provider& provider, const Usage& usage);

// Sats for a nominal request, 1000 tokens in and 500 out: what candidates are ranked by.
double NominalPrice(const Provider& provider);

}  // namespace arbstr::router

#endif  // ARBSTR_ROUTER_PRICE_H_
