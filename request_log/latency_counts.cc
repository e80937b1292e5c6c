#include "request_log/latency_counts.h"

#include <algorithm>

namespace arbstr::request_log {

void LatencyCounts::CountFew() {
  counts_.resize(kCounted);
  for (const std::int64_t ms : few_) Count(ms, 1);
  few_ = {};
}

void LatencyCounts::Add(const LatencyCounts& other) {
  if (other.counts_.empty()) {
    for (const std::int64_t ms : other.few_) Add(ms);
    return;
  }
  if (counts_.empty()) CountFew();
  for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
  for (const auto& [ms, times] : other.outliers_) outliers_[ms] += times;
  size_ += other.size_;
}

template <typename Visit>
void LatencyCounts::InOrder(Visit visit) const {
  if (counts_.empty()) {
    std::vector<std::int64_t> sorted = few_;
    std::ranges::sort(sorted);
    for (const std::int64_t ms : sorted) {
      if (!visit(ms, std::uint64_t{1})) return;
    }
    return;
  }
  auto outlier = outliers_.begin();
  for (; outlier != outliers_.end() && outlier->first < 0; ++outlier) {
    if (!visit(outlier->first, outlier->second)) return;
  }
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i] > 0 && !visit(static_cast<std::int64_t>(i), counts_[i])) return;
  }
  for (; outlier != outliers_.end(); ++outlier) {
    if (!visit(outlier->first, outlier->second)) return;
  }
}

std::optional<double> LatencyCounts::Mean() const {
  if (size_ == 0) return std::nullopt;
  double sum = 0;
  InOrder([&](std::int64_t ms, std::uint64_t times) {
    sum += static_cast<double>(ms) * static_cast<double>(times);
    return true;
  });
  return sum / static_cast<double>(size_);
}

std::vector<std::optional<std::int64_t>> LatencyCounts::Percentiles(
    const std::vector<int>& percentages) const {
  std::vector<std::optional<std::int64_t>> found(percentages.size());
  std::size_t next = 0;
  std::uint64_t passed = 0;
  InOrder([&](std::int64_t ms, std::uint64_t times) {
    passed += times;
    while (next < found.size() && passed * 100 >= size_ * static_cast<std::uint64_t>(percentages[next])) {
      found[next++] = ms;
    }
    return next < found.size();
  });
  return found;
}

}  // namespace arbstr::request_log
