// Where a rule's script has got to, for one key.
#ifndef ARBSTR_MOCK_PROVIDER_RULES_SCRIPT_CURSOR_H_
#define ARBSTR_MOCK_PROVIDER_RULES_SCRIPT_CURSOR_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "mock_provider/scenario/scenario.h"

namespace mock_provider {

// Where each step of a script begins, so that a long one is not gone through with each request.
class ScriptOrder {
 public:
  explicit ScriptOrder(const Rule& rule);

  Then then() const { return then_; }
  std::uint64_t length() const { return ends_.back(); }  // each time counted
  std::size_t StepAt(std::uint64_t position) const;      // below length()
  std::size_t LastStep() const { return ends_.size() - 1; }

 private:
  Then then_;
  std::vector<std::uint64_t> ends_;  // of each step, as positions
};

struct ScriptCursor {
  std::uint64_t matches = 0;  // the n of the next draw
  std::uint64_t claimed = 0;  // steps played, each time counted

  // Whether the script has nothing left to say: all steps played and `then` is pass.
  bool UsedUp(const ScriptOrder& script) const;

  // Takes the next step and says which it is. Only when not UsedUp.
  std::size_t Claim(const ScriptOrder& script);
};

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_RULES_SCRIPT_CURSOR_H_
