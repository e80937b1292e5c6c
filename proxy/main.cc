#include <exception>
#include <iostream>

#include "proxy/command_line.h"
#include "proxy/config/describe.h"
#include "proxy/configuration_source.h"
#include "proxy/exit_code.h"
#include "proxy/serve.h"

namespace {

using arbstr::proxy::Command;
using arbstr::proxy::CommandLine;
using arbstr::proxy::kWrongUsage;

// The commands that only look at the configuration.
int Inspect(const CommandLine& line) {
  const auto configuration = arbstr::proxy::ReadConfiguration(line, /*start_mocks=*/false);
  for (const auto& error : configuration.errors) std::cerr << error << "\n";
  for (const auto& warning : configuration.warnings) std::cerr << warning << "\n";
  if (!configuration.config) return kWrongUsage;
  std::cout << (line.command == Command::kCheck ? DescribeConfig(*configuration.config)
                                                : DescribeProviders(*configuration.config));
  return 0;
}

int Run(int argc, char** argv) {
#ifdef ARBSTR_SERVES_BY_DEFAULT
  const std::optional<Command> default_command = Command::kServe;
#else
  const std::optional<Command> default_command;
#endif
  const auto parsed = arbstr::proxy::ParseCommandLine(argc, argv, default_command);
  if (!parsed.command_line) return parsed.exit_code;
  return parsed.command_line->command == Command::kServe ? arbstr::proxy::Serve(*parsed.command_line)
                                                         : Inspect(*parsed.command_line);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return Run(argc, argv);
  } catch (const std::exception& error) {  // such as no descriptor left for an event loop
    std::cerr << "arbstr: " << error.what() << "\n";
    return arbstr::proxy::kFailed;
  }
}
