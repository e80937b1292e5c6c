#include "mock_provider/rules/script_cursor.h"

namespace mock_provider {
namespace {

std::uint64_t ScriptLength(const Rule& rule) {
  std::uint64_t length = 0;
  for (const Step& step : rule.script) length += static_cast<std::uint64_t>(step.times);
  return length;
}

}  // namespace

bool ScriptCursor::UsedUp(const Rule& rule) const {
  return rule.then == Then::kPass && claimed >= ScriptLength(rule);
}

std::size_t ScriptCursor::Claim(const Rule& rule) {
  const std::uint64_t length = ScriptLength(rule);
  std::uint64_t position = claimed++;
  if (position >= length && rule.then != Then::kRepeat) return rule.script.size() - 1;
  position %= length;
  for (std::size_t step = 0; step < rule.script.size(); ++step) {
    const auto times = static_cast<std::uint64_t>(rule.script[step].times);
    if (position < times) return step;
    position -= times;
  }
  return rule.script.size() - 1;
}

}  // namespace mock_provider
