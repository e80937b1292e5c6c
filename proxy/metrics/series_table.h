// The series of one metric: a value for each combination of labels that has occurred.
#ifndef ARBSTR_PROXY_METRICS_SERIES_TABLE_H_
#define ARBSTR_PROXY_METRICS_SERIES_TABLE_H_

#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace arbstr::proxy {

// One thread, the owner, adds series and changes their values; any thread reads them. The owner finds a
// series that is there without a lock and without an allocation, since nobody else changes the table; only a
// new one is put in under the lock that readers hold. Whoever uses it bounds its labels.
template <typename Labels, typename LabelsView, typename Value, typename Hash,
          typename Equal = std::equal_to<>>
class SeriesTable {
 public:
  // The owner's. The value keeps its place as long as the table lives.
  Value& At(const LabelsView& labels) {
    // Most often it is the one that was asked for last: two short texts to compare, and none to hash.
    if (last_ != nullptr && Equal()(last_->first, labels)) return *last_->second;
    auto found = series_.find(labels);
    if (found == series_.end()) {
      auto value = std::make_unique<Value>();
      std::lock_guard lock(mutex_);
      found = series_.emplace(Labels(labels), std::move(value)).first;
    }
    last_ = &*found;
    return *found->second;
  }

  template <typename Visit>
  void ForEach(Visit visit) const {
    std::lock_guard lock(mutex_);
    for (const auto& [labels, value] : series_) visit(labels, *value);
  }

 private:
  mutable std::mutex mutex_;  // held by the owner to insert, by others to read
  using Series = std::unordered_map<Labels, std::unique_ptr<Value>, Hash, Equal>;
  Series series_;
  const typename Series::value_type* last_ = nullptr;  // the owner's; an element keeps its place
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_METRICS_SERIES_TABLE_H_
