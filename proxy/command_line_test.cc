#include "proxy/command_line.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

namespace arbstr::proxy {
namespace {

struct Outcome {
  ParsedCommandLine parsed;
  std::string out, err;
};

Outcome Parse(std::vector<std::string> arguments, std::optional<Command> default_command = Command::kServe) {
  arguments.insert(arguments.begin(), "arbstr");
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  Outcome outcome;
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  outcome.parsed = ParseCommandLine(static_cast<int>(arguments.size()), argv.data(), default_command);
  outcome.out = testing::internal::GetCapturedStdout();
  outcome.err = testing::internal::GetCapturedStderr();
  return outcome;
}

CommandLine Good(std::vector<std::string> arguments) {
  const Outcome outcome = Parse(std::move(arguments));
  EXPECT_TRUE(outcome.parsed.command_line) << outcome.err;
  EXPECT_EQ(outcome.out + outcome.err, "");
  return outcome.parsed.command_line.value_or(CommandLine());
}

TEST(CommandLineTest, WithoutArgumentsTheDefaultCommandRuns) {
  const CommandLine line = Good({});
  EXPECT_EQ(line.command, Command::kServe);
  EXPECT_FALSE(line.config);
  EXPECT_FALSE(line.listen);
  EXPECT_FALSE(line.mock);
  EXPECT_FALSE(line.scenario);
  EXPECT_EQ(Parse({}, Command::kCheck).parsed.command_line->command, Command::kCheck);
}

TEST(CommandLineTest, WhereThereIsNoDefaultACommandIsNeeded) {
  const Outcome outcome = Parse({}, std::nullopt);
  EXPECT_FALSE(outcome.parsed.command_line);
  EXPECT_EQ(outcome.parsed.exit_code, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_NE(outcome.err.find("providers"), std::string::npos) << outcome.err;
  EXPECT_EQ(Parse({"--mock"}, std::nullopt).parsed.exit_code, 2);
  EXPECT_EQ(Parse({"serve"}, std::nullopt).parsed.command_line->command, Command::kServe);
}

TEST(CommandLineTest, EachCommandIsKnown) {
  EXPECT_EQ(Good({"serve"}).command, Command::kServe);
  EXPECT_EQ(Good({"check"}).command, Command::kCheck);
  EXPECT_EQ(Good({"providers"}).command, Command::kProviders);
}

TEST(CommandLineTest, OptionsAreTakenBeforeAndBehindTheCommand) {
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {"--config", "a.toml", "--listen", "[::1]:0", "--mock", "--scenario", "s.json", "check"},
           {"check", "-c", "a.toml", "-l", "[::1]:0", "--mock", "--scenario", "s.json"},
           {"check", "--config=a.toml", "--listen=[::1]:0", "--scenario=s.json", "--mock"}}) {
    const CommandLine line = Good(arguments);
    EXPECT_EQ(line.command, Command::kCheck);
    EXPECT_EQ(line.config, "a.toml");
    EXPECT_EQ(line.listen, "[::1]:0");
    EXPECT_TRUE(line.mock);
    EXPECT_EQ(line.scenario, "s.json");
  }
}

TEST(CommandLineTest, MistakesAreExitTwoAndSaidOnStderr) {
  for (const auto& arguments : std::vector<std::vector<std::string>>{{"--nope"},
                                                                     {"nope"},
                                                                     {"--config"},
                                                                     {"serve", "check"},
                                                                     {"-c", "a", "-c", "b"},
                                                                     {"--mock=maybe"},
                                                                     {"serve", "x"}}) {
    const Outcome outcome = Parse(arguments);
    EXPECT_FALSE(outcome.parsed.command_line) << arguments.front();
    EXPECT_EQ(outcome.parsed.exit_code, 2) << arguments.front();
    EXPECT_EQ(outcome.out, "") << arguments.front();
    EXPECT_NE(outcome.err, "") << arguments.front();
  }
}

TEST(CommandLineTest, AScenarioGoesWithTheMocks) {
  const Outcome outcome = Parse({"--scenario", "s.json"});
  EXPECT_EQ(outcome.parsed.exit_code, 2);
  EXPECT_NE(outcome.err.find("--mock"), std::string::npos) << outcome.err;
}

TEST(CommandLineTest, HelpAndVersionAreSaidOnStdoutAndAreNoMistake) {
  for (const char* help : {"--help", "-h"}) {
    const Outcome outcome = Parse({help}, std::nullopt);
    EXPECT_FALSE(outcome.parsed.command_line);
    EXPECT_EQ(outcome.parsed.exit_code, 0);
    EXPECT_EQ(outcome.err, "");
    for (const char* word : {"--config", "--listen", "--mock", "--scenario", "serve", "check", "providers"}) {
      EXPECT_NE(outcome.out.find(word), std::string::npos) << word << "\n" << outcome.out;
    }
  }
  const Outcome version = Parse({"--version"}, std::nullopt);
  EXPECT_FALSE(version.parsed.command_line);
  EXPECT_EQ(version.parsed.exit_code, 0);
  EXPECT_TRUE(version.out.starts_with("arbstr ")) << version.out;
  EXPECT_EQ(Parse({"check", "--help"}).parsed.exit_code, 0);
}

TEST(UserPathTest, RelativePathsAreFromWhereTheUserIs) {
  ASSERT_EQ(setenv("BUILD_WORKING_DIRECTORY", "/home/user/x", 1), 0);
  EXPECT_EQ(UserPath("config.toml"), "/home/user/x/config.toml");
  EXPECT_EQ(UserPath("../config.toml"), "/home/user/x/../config.toml");
  EXPECT_EQ(UserPath("/etc/config.toml"), "/etc/config.toml");
  ASSERT_EQ(unsetenv("BUILD_WORKING_DIRECTORY"), 0);
  EXPECT_EQ(UserPath("config.toml"), "config.toml");
  EXPECT_EQ(UserPath("/etc/config.toml"), "/etc/config.toml");
}

}  // namespace
}  // namespace arbstr::proxy
