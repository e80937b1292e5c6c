// Prometheus' text format 0.0.4: families of samples, each with its HELP and TYPE once.
#ifndef ARBSTR_PROXY_METRICS_EXPOSITION_H_
#define ARBSTR_PROXY_METRICS_EXPOSITION_H_

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "proxy/metrics/histogram.h"

namespace arbstr::proxy {

inline constexpr std::string_view kExpositionContentType = "text/plain; version=0.0.4; charset=utf-8";

class Exposition {
 public:
  using Label = std::pair<std::string_view, std::string_view>;
  using Labels = std::initializer_list<Label>;

  // Begins a family; what follows up to the next one are its samples. `type`: "counter", "gauge" or
  // "histogram".
  void Family(std::string_view name, std::string_view type, std::string_view help);

  void Sample(Labels labels, std::uint64_t value);
  void Sample(Labels labels, std::int64_t value);
  void Sample(Labels labels, double value);
  // A histogram's buckets, its sum and its count.
  void Samples(Labels labels, const HistogramTotals& histogram);

  std::string Take() { return std::move(text_); }

 private:
  void Line(std::string_view suffix, Labels labels, std::string_view le, std::string_view value);

  std::string text_;
  std::string name_;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_METRICS_EXPOSITION_H_
