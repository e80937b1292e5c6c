// The mock without a scenario: the model's name says what goes wrong.
//   reply:TEXT  error:503  error:rate_limit  fault:reset  hang  hang:after_headers  hang:frame 3  slow:2000
//   delay_ms:2000  drip:20  stream:cut  stream:stall  stream:error  stream:malformed  stream:split
//   stream:duplicate  stream:comment  stream:no_done  stream:fin  stream:reset  stream:clean
//   stream:slow
// and frames: for stream:, with a frame event's own name (frames:cut_mid_event) as well.
// Any other name is a healthy model.
#ifndef ARBSTR_MOCK_PROVIDER_RULES_MODEL_NAME_ACTION_H_
#define ARBSTR_MOCK_PROVIDER_RULES_MODEL_NAME_ACTION_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mock_provider/scenario/action.h"

namespace mock_provider {

struct NamedAction {
  Action action{};
  std::string mistake{};  // not empty: the name begins like one of ours, but what follows is not known
};

// nullopt: an ordinary model.
std::optional<NamedAction> ActionByModelName(std::string_view model);

// One example of each name, for GET /v1/models.
std::vector<std::string> ExampleModelNames();

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_RULES_MODEL_NAME_ACTION_H_
