#include "mock_provider/scenario_file/parse_schedule.h"

#include "mock_provider/scenario/scenario_time.h"

namespace mock_provider {

std::vector<Window> ParseSchedule(ObjectReader& object, const std::string& field, Mistakes& mistakes) {
  std::vector<Window> windows;
  object.Each(field, [&](const nlohmann::ordered_json& element, const std::string& path) {
    ObjectReader reader(element, path, mistakes);
    Window window;
    window.after_ms = reader.Number("after_ms", 0).value_or(0);
    window.for_ms = reader.Number("for_ms", 0);
    window.every_ms = reader.Number("every_ms", 1);
    if (window.for_ms && ToMicrosecond(*window.for_ms) <= 0)
      reader.Mistake("for_ms", "must be more than 0, to the microsecond: it would never open");
    if (window.every_ms && !window.for_ms) {
      reader.Mistake("every_ms",
                     "contradictory without for_ms: a window that never closes cannot open again");
    } else if (window.every_ms && *window.for_ms > *window.every_ms) {
      reader.Mistake("for_ms", "contradictory: longer than every_ms");
    }
    reader.Finish();
    windows.push_back(window);
  });
  if (object.Has(field) && windows.empty()) object.Mistake(field, "needs at least one window");
  return windows;
}

}  // namespace mock_provider
