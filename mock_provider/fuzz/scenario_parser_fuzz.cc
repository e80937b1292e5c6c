// Any text is a scenario or a list of mistakes; what is one can be written and read back as the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "mock_provider/scenario_file/scenario_parser.h"
#include "mock_provider/scenario_file/scenario_writer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto scenario = mock_provider::ParseScenario(std::string(reinterpret_cast<const char*>(data), size));
  if (!scenario.ok()) {
    if (scenario.status().message().empty()) std::abort();
    return 0;
  }
  const std::string written = mock_provider::ScenarioJson(*scenario);
  const auto again = mock_provider::ParseScenario(written);
  if (!again.ok() || mock_provider::ScenarioJson(*again) != written) std::abort();
  return 0;
}
