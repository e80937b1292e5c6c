#ifndef ARBSTR_PROXY_SIMULATION_TALLY_H_
#define ARBSTR_PROXY_SIMULATION_TALLY_H_

#include <cstdint>
#include <map>
#include <string>

#include "proxy/metrics/metrics.h"
#include "request_log/record.h"

namespace arbstr::proxy::simulation {

// The sums over all rows, and whether the metrics have the same.
class Tally {
 public:
  // `listed`: the configuration names its model.
  void Add(const request_log::Record& row, bool listed);
  // Empty: they do.
  std::string WhatDiffers(const MetricsTotals& metrics) const;

  int64_t rows() const { return rows_; }

 private:
  struct OfProvider {
    uint64_t attempts = 0, input_tokens = 0, output_tokens = 0;
    double cost_sats = 0;
  };

  int64_t rows_ = 0;
  std::map<RequestLabels, uint64_t> requests_;
  std::map<std::string, OfProvider> providers_;
};

}  // namespace arbstr::proxy::simulation

#endif  // ARBSTR_PROXY_SIMULATION_TALLY_H_
