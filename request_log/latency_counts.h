// The latencies of any number of requests, for their exact mean and percentiles. Pure.
#ifndef ARBSTR_REQUEST_LOG_LATENCY_COUNTS_H_
#define ARBSTR_REQUEST_LOG_LATENCY_COUNTS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace arbstr::request_log {

// A few values are kept one by one, many as a count of each, so that memory is bounded by the number of
// different values.
class LatencyCounts {
 public:
  void Add(std::int64_t ms) {
    ++size_;
    if (!counts_.empty()) {
      Count(ms, 1);
    } else {
      few_.push_back(ms);
      if (few_.size() == kFew) CountFew();
    }
  }
  void Add(const LatencyCounts& other);

  std::uint64_t size() const { return size_; }
  // Empty where no value was added.
  std::optional<double> Mean() const;
  // By nearest rank: for each percentage p, which must ascend, the smallest value v such that at least p % of
  // the values are v or less. Empty where no value was added.
  std::vector<std::optional<std::int64_t>> Percentiles(const std::vector<int>& percentages) const;

 private:
  static constexpr std::size_t kFew = 4096;
  // Milliseconds below which a value has its place in counts_.
  static constexpr std::int64_t kCounted = 65536;

  void Count(std::int64_t ms, std::uint64_t times) {
    if (ms >= 0 && ms < kCounted) {
      counts_[static_cast<std::size_t>(ms)] += times;
    } else {
      outliers_[ms] += times;
    }
  }
  void CountFew();
  // Calls visit(value, times) in order of value; it returns false when it has seen enough.
  template <typename Visit>
  void InOrder(Visit visit) const;

  std::uint64_t size_ = 0;
  std::vector<std::int64_t> few_;                   // in use while counts_ is empty
  std::vector<std::uint64_t> counts_;               // by value
  std::map<std::int64_t, std::uint64_t> outliers_;  // outside of counts_
};

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_LATENCY_COUNTS_H_
