#include "mock_provider/main_options.h"

#include <fmt/format.h>

#include <sstream>

#include "mock_provider/http/listen_address.h"
#include "mock_provider/scenario/whole_number.h"
#include "mock_provider/scenario_file/freeze.h"
#include "mock_provider/scenario_file/scenario_parser.h"
#include "mock_provider/scenario_file/scenario_writer.h"
#include "mock_provider/upstream/upstream_target.h"
#include "mock_provider/user_file.h"

namespace mock_provider {
namespace {

// What the file was read as, or its mistakes with the file's name before each.
absl::StatusOr<Scenario> InFile(const std::string& name, absl::StatusOr<Scenario> scenario) {
  if (scenario.ok()) return scenario;
  std::istringstream mistakes{std::string(scenario.status().message())};
  std::string lines, line;
  while (std::getline(mistakes, line))
    lines += fmt::format("{}{}: {}", lines.empty() ? "" : "\n", name, line);
  return absl::InvalidArgumentError(lines);
}

absl::StatusOr<Scenario> ReadFile(const std::string& name) {
  const auto text = ReadUserFile(name);
  return text.ok() ? InFile(name, ParseScenario(*text)) : text.status();
}

// A key or an authority that is not there is a mistake of the scenario, to be found before it is played.
absl::Status CheckUpstream(const Provider& provider, const std::string& file, std::size_t index) {
  if (!provider.upstream) return absl::OkStatus();
  const auto target = MakeUpstreamTarget(*provider.upstream, provider.dialect);
  if (target.ok()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      fmt::format("{}: providers[{}].{}", file, index, std::string(target.status().message())));
}

}  // namespace

absl::StatusOr<std::uint64_t> ParseSeed(const std::string& text) {
  if (const auto seed = WholeNumber<std::uint64_t>(text)) return *seed;
  return absl::InvalidArgumentError(fmt::format("--seed: \"{}\" is no whole number from 0 to 2^64-1", text));
}

absl::StatusOr<Scenario> LoadScenario(const MainOptions& options) {
  auto scenario = options.scenario.empty() ? DefaultScenario() : ReadFile(options.scenario);
  if (!scenario.ok()) return scenario;
  if (options.seed) scenario->seed = *options.seed;
  for (std::size_t i = 0; i < scenario->providers.size(); ++i) {
    Provider& provider = scenario->providers[i];
    if (provider.upstream && !provider.upstream->ca_file.empty())
      provider.upstream->ca_file = ResolvePath(provider.upstream->ca_file);
    if (absl::Status there = CheckUpstream(provider, options.scenario, i); !there.ok()) return there;
  }
  if (options.listen.empty()) return scenario;
  if (const auto address = ParseListenAddress(options.listen); !address.ok()) {
    return absl::InvalidArgumentError("--listen: " + std::string(address.status().message()));
  }
  if (scenario->providers.size() != 1) {
    return absl::InvalidArgumentError(fmt::format(
        "--listen: the scenario has {} providers; give each its own listen", scenario->providers.size()));
  }
  scenario->providers.front().listen = options.listen;
  return scenario;
}

absl::StatusOr<std::string> FreezeFile(const std::string& name) {
  const auto text = ReadUserFile(name);
  if (!text.ok()) return text.status();
  const auto scenario = InFile(name, Freeze(*text));
  if (!scenario.ok()) return scenario.status();
  return ScenarioJson(*scenario);
}

}  // namespace mock_provider
