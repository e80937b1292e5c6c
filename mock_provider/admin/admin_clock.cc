#include "mock_provider/admin/admin_clock.h"

#include <fmt/format.h>

#include "mock_provider/scenario_file/json_document.h"
#include "mock_provider/scenario_file/object_reader.h"

namespace mock_provider {
namespace {

constexpr double kLongestAdvanceMs = 1e12;

bool Command(ObjectReader& reader, const std::string& field) {
  const auto value = reader.Bool(field);
  if (value && !*value) reader.Mistake(field, "can only be true");
  return value.value_or(false);
}

}  // namespace

std::string ClockJson(const ScenarioClock& clock) {
  return fmt::format(R"({{"now_ms":{:.3f},"frozen":{}}})", clock.NowMs(), clock.frozen());
}

absl::Status MoveClock(ScenarioClock& clock, const std::string& json) {
  const auto document = ParseJsonDocument(json);
  if (!document.ok()) return document.status();
  Mistakes mistakes;
  ObjectReader reader(*document, "", mistakes, "clock");
  const bool freeze = Command(reader, "freeze");
  const bool run = Command(reader, "run");
  const auto advance = reader.Number("advance_ms", 0, kLongestAdvanceMs);
  if (freeze && run) reader.Mistake("run", "contradictory beside freeze");
  reader.Finish();
  if (document->is_object() && document->empty()) mistakes.Add("", "needs freeze, advance_ms or run");
  if (!mistakes.lines().empty()) return absl::InvalidArgumentError(mistakes.Joined());
  if (freeze) clock.Freeze();
  if (advance) clock.Advance(*advance);
  if (run) clock.Run();
  return absl::OkStatus();
}

}  // namespace mock_provider
