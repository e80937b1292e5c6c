// Where the configuration comes from: a file, config.toml in the user's folder, or the built-in mock
// providers.
#ifndef ARBSTR_PROXY_CONFIGURATION_SOURCE_H_
#define ARBSTR_PROXY_CONFIGURATION_SOURCE_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mock_provider/mock_provider.h"
#include "proxy/command_line.h"
#include "proxy/config/config.h"
#include "proxy/memory_file.h"

namespace arbstr::proxy {

struct Configuration {
  std::optional<Config> config;       // absent: `errors` say why
  std::optional<std::string> file;    // that it was read from; absent: there is none
  std::vector<std::string> errors;    // one line per mistake
  std::vector<std::string> warnings;  // likewise
  // The providers of `config` themselves, when they are built in.
  std::unique_ptr<mock_provider::MockProvider> mocks;
  std::unique_ptr<MemoryFile> mock_authority;  // whom they are trusted by, where they speak TLS
};

// Reads what the command line names. Relative paths in the result are the user's. Starts the mock providers
// where `start_mocks` and the configuration is theirs; else their URLs name no port but one that the scenario
// gives them.
Configuration ReadConfiguration(const CommandLine& line, bool start_mocks);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CONFIGURATION_SOURCE_H_
