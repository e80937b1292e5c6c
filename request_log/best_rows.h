// The first of many rows in some order, kept while all of them are seen in no order. Pure.
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

// In a descending order everything is turned around, but for rows whose cost is not known (NaN): they are the
// last either way.
std::int64_t RankOf(std::int64_t value, bool descending);
std::int64_t RankOfCost(double cost, bool descending);

class BestRows {
 public:
  // Keeps the first `capacity`, in the memory of about twice as many.
  explicit BestRows(std::size_t capacity) : capacity_(capacity) {}

  // False: no row of that value, or a greater one, is among the first any more.
  bool Wants(std::int64_t value) const { return !full_ || value <= worst_.value; }
  void Offer(const RowRank& row) {
    if (full_ && row > worst_) return;
    rows_.push_back(row);
    if (rows_.size() >= 2 * capacity_ + 256) DropRest();
  }

  // Those at places `first` to `first + count` of the order, as far as there are and `capacity` reaches.
  std::vector<RowRank> Take(std::size_t first, std::size_t count);

 private:
  void DropRest();

  const std::size_t capacity_;
  std::vector<RowRank> rows_;
  bool full_ = false;
  RowRank worst_;  // once full_: the last of the first `capacity` so far, or one behind it
};

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_BEST_ROWS_H_
