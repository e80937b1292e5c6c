#include "proxy/command_line.h"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>

#include "proxy/exit_code.h"
#include "proxy/version.h"

namespace arbstr::proxy {
ParsedCommandLine ParseCommandLine(int argc, char** argv, std::optional<Command> default_command) {
  CLI::App app(
      "arbstr: a gateway between your applications and their LLM providers.\n"
      "Speaks the OpenAI chat API; sends each request to the cheapest provider that serves the model,\n"
      "retries, falls back, and leaves one row in SQLite for every request.",
      "arbstr");
  CommandLine line;
  bool version = false;
  app.add_flag("-V,--version", version, "Print the version and exit");
  app.add_option("-c,--config", line.config,
                 "Configuration file (TOML); without it config.toml, if there is one");
  app.add_option("-l,--listen", line.listen,
                 "HOST:PORT to listen on, in place of server.listen; port 0 takes a free one");
  app.add_flag("--mock", line.mock, "Use built-in mock providers in place of the configured ones");
  app.add_option("--scenario", line.scenario,
                 "What the mock providers do: a scenario file; goes with --mock");
  CLI::App* serve = app.add_subcommand("serve", "Serve until SIGTERM or SIGINT");
  CLI::App* check = app.add_subcommand("check", "Validate the configuration and print what it resolves to");
  CLI::App* providers = app.add_subcommand("providers", "Print the routing table");
  for (CLI::App* sub : {serve, check, providers}) sub->fallthrough();
  app.require_subcommand(0, 1);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return {std::nullopt, app.exit(error) == 0 ? 0 : kWrongUsage};
  }
  if (version) {
    std::cout << "arbstr " << kVersion << std::endl;
    return {std::nullopt, 0};
  }
  if (line.scenario && !line.mock) {
    std::cerr << "arbstr: --scenario says what the mock providers do: it goes with --mock" << std::endl;
    return {std::nullopt, kWrongUsage};
  }
  if (check->parsed()) {
    line.command = Command::kCheck;
  } else if (providers->parsed()) {
    line.command = Command::kProviders;
  } else if (!serve->parsed()) {
    if (!default_command) {
      std::cerr << app.help();
      return {std::nullopt, kWrongUsage};
    }
    line.command = *default_command;
  }
  return {line, 0};
}

std::string UserPath(const std::string& path) {
  const char* directory = std::getenv("BUILD_WORKING_DIRECTORY");
  if (directory == nullptr || std::filesystem::path(path).is_absolute()) return path;
  return (std::filesystem::path(directory) / path).string();
}

}  // namespace arbstr::proxy
