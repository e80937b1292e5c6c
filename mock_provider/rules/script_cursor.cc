#include "mock_provider/rules/script_cursor.h"

#include <algorithm>

namespace mock_provider {

ScriptOrder::ScriptOrder(const Rule& rule) : then_(rule.then) {
  std::uint64_t length = 0;
  for (const Step& step : rule.script) ends_.push_back(length += static_cast<std::uint64_t>(step.times));
}

std::size_t ScriptOrder::StepAt(std::uint64_t position) const {
  return static_cast<std::size_t>(std::upper_bound(ends_.begin(), ends_.end(), position) - ends_.begin());
}

bool ScriptCursor::UsedUp(const ScriptOrder& script) const {
  return script.then() == Then::kPass && claimed >= script.length();
}

std::size_t ScriptCursor::Claim(const ScriptOrder& script) {
  const std::uint64_t position = claimed++;
  if (position >= script.length() && script.then() != Then::kRepeat) return script.LastStep();
  return script.StepAt(position % script.length());
}

}  // namespace mock_provider
