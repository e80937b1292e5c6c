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
    if (const auto found = series_.find(labels); found != series_.end()) return *found->second;
    auto value = std::make_unique<Value>();
    std::lock_guard lock(mutex_);
    return *series_.emplace(Labels(labels), std::move(value)).first->second;
  }

  template <typename Visit>
  void ForEach(Visit visit) const {
    std::lock_guard lock(mutex_);
    for (const auto& [labels, value] : series_) visit(labels, *value);
  }

 private:
  mutable std::mutex mutex_;  // held by the owner to insert, by others to read
  std::unordered_map<Labels, std::unique_ptr<Value>, Hash, Equal> series_;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_METRICS_SERIES_TABLE_H_
