// Where a rule's script has got to, for one key.
#ifndef ARBSTR_MOCK_PROVIDER_RULES_SCRIPT_CURSOR_H_
#define ARBSTR_MOCK_PROVIDER_RULES_SCRIPT_CURSOR_H_

#include <cstddef>
#include <cstdint>

#include "mock_provider/scenario/scenario.h"

namespace mock_provider {

struct ScriptCursor {
  std::uint64_t matches = 0;  // the n of the next draw
  std::uint64_t claimed = 0;  // steps played, each time counted

  // Whether the script has nothing left to say: all steps played and `then` is pass.
  bool UsedUp(const Rule& rule) const;

  // Takes the next step and says which it is. Only when not UsedUp.
  std::size_t Claim(const Rule& rule);
};

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_RULES_SCRIPT_CURSOR_H_
