#include "proxy/simulation/tally.h"

#include <fmt/format.h>

#include <cmath>
#include <numeric>

namespace arbstr::proxy::simulation {

void Tally::Add(const request_log::Record& row, bool listed) {
  ++rows_;
  ++requests_[RequestLabels(row.provider.value_or("none"), listed ? row.model : "other", row.status(),
                            row.streaming)];
  if (!row.provider) return;
  OfProvider& sums = providers_[*row.provider];
  sums.input_tokens += static_cast<uint64_t>(row.input_tokens.value_or(0));
  sums.output_tokens += static_cast<uint64_t>(row.output_tokens.value_or(0));
  sums.cost_sats += row.cost_sats.value_or(0);
  providers_[""].attempts += static_cast<uint64_t>(row.attempts);
}

std::string Tally::WhatDiffers(const MetricsTotals& metrics) const {
  if (metrics.requests != requests_) return "requests by provider, model, status and kind";
  if (metrics.in_flight != 0) return fmt::format("in_flight is {} at the end", metrics.in_flight);
  uint64_t attempts = 0, sum = 0;
  for (const auto& [name, numbers] : metrics.providers) {
    const auto found = providers_.find(name);
    const OfProvider rows = found == providers_.end() ? OfProvider() : found->second;
    if (numbers.input_tokens != rows.input_tokens) return fmt::format("input tokens of {}", name);
    if (numbers.output_tokens != rows.output_tokens) return fmt::format("output tokens of {}", name);
    if (std::abs(numbers.cost_sats - rows.cost_sats) > 1e-6) return fmt::format("sats of {}", name);
    attempts += std::accumulate(numbers.attempts.begin(), numbers.attempts.end(), uint64_t{0});
  }
  if (const auto all = providers_.find(""); all != providers_.end()) sum = all->second.attempts;
  if (attempts != sum) return fmt::format("attempts: {} in metrics, {} in rows", attempts, sum);
  return "";
}

}  // namespace arbstr::proxy::simulation
