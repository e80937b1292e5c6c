#include "retry/retry_policy.h"

#include <cstddef>

namespace arbstr::retry {

StatusSet MakeStatusSet(std::initializer_list<int> statuses) {
  StatusSet set;
  for (const int status : statuses) {
    if (status >= 0 && static_cast<std::size_t>(status) < set.size())
      set.set(static_cast<std::size_t>(status));
  }
  return set;
}

StatusSet DefaultRetryableStatuses() {
  return MakeStatusSet({500, 502, 503, 504, 520, 521, 522, 523, 524, 529});
}

}  // namespace arbstr::retry
