#ifndef ARBSTR_MOCK_PROVIDER_UPSTREAM_PENDING_UPSTREAM_H_
#define ARBSTR_MOCK_PROVIDER_UPSTREAM_PENDING_UPSTREAM_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "mock_provider/answer/error_answer.h"
#include "mock_provider/scenario/action.h"
#include "mock_provider/scenario/draw.h"
#include "mock_provider/scenario/scenario.h"

namespace mock_provider {

// An answer that a real provider has to give, and what is to happen to it on the way.
struct PendingUpstream {
  std::shared_ptr<const Action> action;  // without a reply or an error; its delay is settled
  DrawSequence draws{DrawPoint{}};
  ErrorContext errors{};
  Dialect dialect = Dialect::kOpenAi;
  std::vector<std::pair<std::string, std::string>> headers{};  // of the mock's own limits
  bool http10 = false;
  bool keep_alive = true;
};

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_UPSTREAM_PENDING_UPSTREAM_H_
