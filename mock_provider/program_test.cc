// The command line, by the program as a user starts it.
#include <gtest/gtest.h>
#include <signal.h>

#include "mock_provider/testing_program.h"
#include "mock_provider/testing_raw_client.h"

namespace mock_provider {
namespace {

using testing::Ask;
using testing::AskAdmin;
using testing::Program;
using testing::WriteFile;

const std::string kTwo = R"({"providers":[
  {"name":"alpha","rules":[{"name":"flaky","script":[{"error":503},{"reply":{"text":"ok"}}]}]},{"name":"beta"}]})";

TEST(Program, StdoutHasALineAListenerInOrderAndATermIsAGoodEnd) {
  Program mock({"--scenario", WriteFile("two.json", kTwo)});
  const std::uint16_t alpha = mock.PortOf("alpha"), beta = mock.PortOf("beta"), admin = mock.PortOf("admin");
  EXPECT_EQ(Ask(alpha, "m").bytes.substr(9, 3), "503");
  mock.Signal(SIGTERM);
  EXPECT_EQ(mock.Wait(), 0);
  EXPECT_EQ(mock.out(), "mock provider alpha listening on http://127.0.0.1:" + std::to_string(alpha) +
                            "\nmock provider beta listening on http://127.0.0.1:" + std::to_string(beta) +
                            "\nmock admin listening on http://127.0.0.1:" + std::to_string(admin) + "\n");
}

TEST(Program, ATerminalShowsALineARequestAndTheSummaryWithItsVerdict) {
  Program mock({"--scenario", WriteFile("two.json", kTwo)}, Program::Stderr::kTerminal);
  Ask(mock.PortOf("alpha"), "gpt-4o");
  Ask(mock.PortOf("alpha"), "gpt-4o");
  EXPECT_NE(mock.ErrUntil("#2").find("flaky[0]"), std::string::npos) << mock.err();
  mock.Signal(SIGINT);
  EXPECT_EQ(mock.Wait(), 0);
  EXPECT_NE(mock.err().find("flaky[1]"), std::string::npos) << mock.err();
  EXPECT_NE(mock.err().find("2 requests in"), std::string::npos) << mock.err();
  EXPECT_NE(mock.err().find("1 x 200, 1 x 503"), std::string::npos) << mock.err();
  EXPECT_NE(mock.err().find("idempotency_key_missing (#1, #2)"), std::string::npos) << mock.err();
}

TEST(Program, AFileInsteadOfATerminalGetsTheSummaryAlone) {
  Program mock({});
  Ask(mock.PortOf("mock"), "m");
  mock.Signal(SIGTERM);
  EXPECT_EQ(mock.Wait(), 0);
  EXPECT_TRUE(mock.err().starts_with("1 request in ")) << mock.err();
  EXPECT_NE(mock.err().find("verdict: ok"), std::string::npos) << mock.err();
}

TEST(Program, QuietIsQuietEvenOnATerminal) {
  Program mock({"--quiet"}, Program::Stderr::kTerminal);
  Ask(mock.PortOf("mock"), "m");
  mock.Signal(SIGTERM);
  EXPECT_EQ(mock.Wait(), 0);
  EXPECT_EQ(mock.err(), "");
}

TEST(Program, AFrozenJournalIsAScenarioThatItTakesAgain) {
  std::string journal;
  {
    Program mock({"--scenario", WriteFile("two.json", kTwo)});
    Ask(mock.PortOf("alpha"), "m");
    Ask(mock.PortOf("beta"), "m");
    journal = AskAdmin(mock.PortOf("admin"), "GET", "/__admin/requests");
  }
  Program freeze({"--freeze", WriteFile("journal.json", journal)});
  EXPECT_EQ(freeze.Wait(), 0) << freeze.err();
  Program again({"--scenario", WriteFile("frozen.json", freeze.out())});
  EXPECT_EQ(Ask(again.PortOf("alpha"), "m").bytes.substr(9, 3), "503");
  EXPECT_EQ(Ask(again.PortOf("alpha"), "m").bytes.substr(9, 3), "200");
  EXPECT_EQ(Ask(again.PortOf("beta"), "m").bytes.substr(9, 3), "200");
}

TEST(Program, MistakesAreExitTwoWithTheFileAndThePath) {
  const std::string bad = WriteFile("bad.json", R"({"rulez":[]})");
  const std::vector<std::vector<std::string>> lines = {{"--scenario", bad},
                                                       {"--scenario", bad, "--check"},
                                                       {"--freeze", bad},
                                                       {"--scenario", "/nonexistent"},
                                                       {"--freeze", "/nonexistent"},
                                                       {"--freeze", bad, "--scenario", bad},
                                                       {"--listen", "nowhere"},
                                                       {"--unknown"}};
  for (const auto& arguments : lines) {
    Program mock(arguments);
    EXPECT_EQ(mock.Wait(), 2) << arguments.front();
    EXPECT_EQ(mock.out(), "");
    EXPECT_NE(mock.err(), "") << arguments.front();
  }
  Program check({"--scenario", bad, "--check"});
  check.Wait();
  EXPECT_EQ(check.err(), bad + ": rulez: unknown field (did you mean \"rules\"?)\n");
}

TEST(Program, ACheckOfAGoodScenarioSaysNothing) {
  Program check({"--scenario", WriteFile("two.json", kTwo), "--check"});
  EXPECT_EQ(check.Wait(), 0);
  EXPECT_EQ(check.out() + check.err(), "");
}

}  // namespace
}  // namespace mock_provider
