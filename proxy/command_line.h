// What the user typed.
#ifndef ARBSTR_PROXY_COMMAND_LINE_H_
#define ARBSTR_PROXY_COMMAND_LINE_H_

#include <optional>
#include <string>

namespace arbstr::proxy {

enum class Command { kServe, kCheck, kProviders };

struct CommandLine {
  Command command = Command::kServe;
  std::optional<std::string> config;
  std::optional<std::string> listen;
  bool mock = false;
  std::optional<std::string> scenario;
};

struct ParsedCommandLine {
  std::optional<CommandLine>
      command_line;  // nothing: exit with `exit_code`, what there was to say has been said
  int exit_code = 0;
};

// `default_command`: what a call without a subcommand means; nothing: it is a mistake. Mistakes are exit 2.
ParsedCommandLine ParseCommandLine(int argc, char** argv, std::optional<Command> default_command);

// A path as its user meant it: relative ones are from where the user is, also under `bazel run`, which
// changes the working directory and says so in BUILD_WORKING_DIRECTORY.
std::string UserPath(const std::string& path);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_COMMAND_LINE_H_
