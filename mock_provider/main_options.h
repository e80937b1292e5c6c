#ifndef ARBSTR_MOCK_PROVIDER_MAIN_OPTIONS_H_
#define ARBSTR_MOCK_PROVIDER_MAIN_OPTIONS_H_

#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <string>

#include "mock_provider/scenario/scenario.h"

namespace mock_provider {

// What the command line said.
struct MainOptions {
  std::string scenario;  // a file; empty: none
  std::string listen;    // HOST:PORT of the only provider; empty: as the scenario says
  std::string admin = "127.0.0.1:0";
  std::optional<std::uint64_t> seed;
  bool check = false;
  std::string record;   // a file for the journal at the end; empty: none
  std::string ca_out;   // a file for the certificate of the mock's own authority; empty: none
  bool frozen = false;  // the scenario's clock stands at zero until it is moved
  bool quiet = false;   // nothing on stderr but mistakes
  std::string freeze;   // a journal's file to print as a scenario; empty: none
};

absl::StatusOr<std::uint64_t> ParseSeed(const std::string& text);

// The scenario to run: the file's, or the healthy default, with the command line's seed and address in it.
// InvalidArgument has a line for each mistake, which begins with the file's name. A missing key or authority
// of an upstream is a mistake as well.
absl::StatusOr<Scenario> LoadScenario(const MainOptions& options);

// The scenario that plays that file's journal back, as text. InvalidArgument as above.
absl::StatusOr<std::string> FreezeFile(const std::string& name);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_MAIN_OPTIONS_H_
