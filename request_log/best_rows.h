// Keeps the first rows of some order while all rows come by in any order. Pure.
#ifndef ARBSTR_REQUEST_LOG_BEST_ROWS_H_
#define ARBSTR_REQUEST_LOG_BEST_ROWS_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "request_log/log_query.h"

namespace arbstr::request_log {

// A row's place in the order: smaller comes first.
struct RowRank {
  std::int64_t value = 0;
  std::int64_t timestamp = 0;
  std::int64_t id = 0;
  auto operator<=>(const RowRank&) const = default;
};

// Descending order reverses everything, except that rows whose cost is not known (NaN) come last either way.
std::int64_t RankOf(std::int64_t value, bool descending);
std::int64_t RankOfCost(double cost, bool descending);

class BestRows {
 public:
  // Keeps the first `capacity` rows, in the memory of about twice as many.
  explicit BestRows(std::size_t capacity) : capacity_(capacity) {}

  // False: a row with that value, or a greater one, can no longer be among the first.
  bool Wants(std::int64_t value) const { return !full_ || value <= worst_.value; }
  void Offer(const RowRank& row) {
    if (full_ && row > worst_) return;
    rows_.push_back(row);
    if (rows_.size() >= 2 * capacity_ + 256) DropRest();
  }

  // The rows at places [first, first + count) of the order, as far as they exist and `capacity` reaches.
  std::vector<RowRank> Take(std::size_t first, std::size_t count);

 private:
  void DropRest();

  const std::size_t capacity_;
  std::vector<RowRank> rows_;
  bool full_ = false;
  RowRank worst_;  // once full_: the last of the first `capacity` so far, or one after it
};

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_BEST_ROWS_H_
