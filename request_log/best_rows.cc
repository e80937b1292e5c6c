#include "request_log/best_rows.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace arbstr::request_log {
namespace {

using Difference = std::vector<RowRank>::difference_type;

}  // namespace

std::int64_t RankOf(std::int64_t value, bool descending) { return descending ? ~value : value; }

std::int64_t RankOfCost(double cost, bool descending) {
  if (std::isnan(cost)) return std::numeric_limits<std::int64_t>::max();
  // Read as integers, the bits of doubles have the same order, but for negative ones, where it is reversed.
  const auto bits = std::bit_cast<std::int64_t>(cost + 0.0);
  return RankOf(bits >= 0 ? bits : bits ^ std::numeric_limits<std::int64_t>::max(), descending);
}

void BestRows::DropRest() {
  if (capacity_ == 0) {
    rows_.clear();
    return;
  }
  const auto last = rows_.begin() + static_cast<Difference>(capacity_ - 1);
  std::ranges::nth_element(rows_, last);
  worst_ = *last;
  full_ = true;
  rows_.resize(capacity_);
}

std::vector<RowRank> BestRows::Take(std::size_t first, std::size_t count) {
  if (rows_.size() > capacity_) DropRest();
  if (first >= rows_.size()) return {};
  const auto begin = rows_.begin() + static_cast<Difference>(first);
  std::ranges::nth_element(rows_, begin);
  const auto end = begin + static_cast<Difference>(std::min(count, rows_.size() - first));
  std::partial_sort(begin, end, rows_.end());
  return {begin, end};
}

}  // namespace arbstr::request_log
