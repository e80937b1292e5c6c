// The command line, by the program as a user starts it.
#include <gtest/gtest.h>
#include <signal.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "mock_provider/testing_program.h"
#include "mock_provider/testing_raw_client.h"
#include "mock_provider/testing_tls_client.h"

namespace mock_provider {
namespace {

using testing::Ask;
using testing::AskAdmin;
using testing::ChatRequestText;
using testing::Program;
using testing::RawClient;
using testing::WriteFile;

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

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

TEST(Program, AFrozenStartIsAtZeroAndAResetGoesBackThere) {
  Program mock({"--frozen"});
  const std::uint16_t admin = mock.PortOf("admin");
  const std::string at_zero = R"({"now_ms":0.000,"frozen":true})";
  EXPECT_EQ(AskAdmin(admin, "GET", "/__admin/clock"), at_zero);
  Ask(mock.PortOf("mock"), "m");
  EXPECT_NE(AskAdmin(admin, "GET", "/__admin/requests").find(R"("arrival_ms":0.0,)"), std::string::npos);
  AskAdmin(admin, "PUT", "/__admin/clock", R"({"advance_ms":500})");
  AskAdmin(admin, "POST", "/__admin/reset");
  EXPECT_EQ(AskAdmin(admin, "GET", "/__admin/clock"), at_zero);
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

TEST(Program, AHangupIsAGoodEndTooAndLeavesWhatWasRecorded) {
  const std::string record = ::testing::TempDir() + "/hangup.json";
  Program mock({"--record", record});
  Ask(mock.PortOf("mock"), "of-the-terminal");
  mock.Signal(SIGHUP);
  EXPECT_EQ(mock.Wait(), 0);
  EXPECT_NE(ReadFile(record).find("of-the-terminal"), std::string::npos);
}

TEST(Program, WhoStopsReadingItsOutputEndsNothing) {
  Program mock({}, Program::Stderr::kPipe);
  const std::uint16_t port = mock.PortOf("mock"), admin = mock.PortOf("admin");
  mock.StopReading();
  EXPECT_EQ(Ask(port, "m").bytes.substr(9, 3), "200");
  EXPECT_NE(AskAdmin(admin, "GET", "/health").find("ok"), std::string::npos);
  mock.Signal(SIGTERM);
  EXPECT_EQ(mock.Wait(), 0);
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

TEST(Program, WhatPassedThroughFromAnUpstreamIsRecordedWithoutKeysAndPlayedBackFrozen) {
  const std::string record = ::testing::TempDir() + "/record.json";
  std::string passed;
  {
    Program real(
        {"--scenario", WriteFile("real.json", R"({"rules":[{"script":[{"reply":{"text":"from afar"}}]}]})")});
    const std::string upstream = "http://127.0.0.1:" + std::to_string(real.PortOf("mock"));
    Program proxy({"--scenario",
                   WriteFile("proxy.json", R"({"providers":[{"name":"p","upstream":")" + upstream + "\"}]}"),
                   "--record", record});
    RawClient client(proxy.PortOf("p"));
    client.Send(ChatRequestText("m", "", "Authorization: Bearer sk-secret-secret\r\nConnection: close\r\n"));
    passed = client.ReadToEnd().Body();
    EXPECT_NE(passed.find("from afar"), std::string::npos) << passed;
    proxy.Signal(SIGTERM);
    EXPECT_EQ(proxy.Wait(), 0);
  }
  const std::string recorded = ReadFile(record);
  EXPECT_NE(recorded.find("from afar"), std::string::npos);
  EXPECT_EQ(recorded.find("sk-secret-secret"), std::string::npos);
  Program freeze({"--freeze", record});
  EXPECT_EQ(freeze.Wait(), 0) << freeze.err();
  Program again({"--scenario", WriteFile("frozen.json", freeze.out())});
  EXPECT_EQ(Ask(again.PortOf("p"), "m").Body(), passed);
}

TEST(Program, TheAuthorityToTrustIsWrittenWhereTheUserSays) {
  const std::string ca = ::testing::TempDir() + "/ca.pem";
  Program mock(
      {"--scenario", WriteFile("tls.json", R"({"providers":[{"name":"a","tls":{}}]})"), "--ca-out", ca});
  const std::uint16_t port = mock.PortOf("a");
  EXPECT_NE(mock.out().find("mock provider a listening on https://127.0.0.1:"), std::string::npos)
      << mock.out();
  const auto exchange =
      testing::AskOverTls(port, ReadFile(ca), ChatRequestText("m", "", "Connection: close\r\n"));
  EXPECT_TRUE(exchange.connected);
  EXPECT_TRUE(exchange.received.starts_with("HTTP/1.1 200"));
}

TEST(Program, AFileThatCannotBeWrittenIsAMistakeAtOnce) {
  for (const char* option : {"--record", "--ca-out"}) {
    Program mock({option, ::testing::TempDir() + "/no/such/folder/file"});
    EXPECT_EQ(mock.Wait(), 2) << option;
    EXPECT_NE(mock.err().find("cannot be written"), std::string::npos) << mock.err();
  }
}

// Runs the program, which is to stop at a mistake, and returns what it says.
std::string MistakeOf(const std::vector<std::string>& arguments) {
  Program mock(arguments);
  EXPECT_EQ(mock.Wait(), 2) << arguments.front();
  EXPECT_EQ(mock.out(), "");
  EXPECT_NE(mock.err(), "") << arguments.front();
  return mock.err();
}

TEST(Program, MistakesOfTheCommandLineAreExitTwo) {
  const std::string journal = WriteFile("one.json", R"({"requests":[{"provider":"a"}]})");
  const std::vector<std::vector<std::string>> lines = {{"--scenario", "/nonexistent"},
                                                       {"--freeze", "/nonexistent"},
                                                       {"--listen", "nowhere"},
                                                       {"--unknown"},
                                                       {"--scenario", ""},
                                                       {"--freeze", ""},
                                                       {"--seed", "-1", "--check"},
                                                       {"--seed", "0x10", "--check"},
                                                       {"--seed", "18446744073709551616", "--check"},
                                                       {"--freeze", journal, "--check"},
                                                       {"--freeze", journal, "--seed", "1"},
                                                       {"--freeze", journal, "--listen", "127.0.0.1:0"}};
  for (const auto& arguments : lines) MistakeOf(arguments);
}

TEST(Program, MistakesOfAScenarioAreExitTwoWithTheFileAndThePath) {
  const std::string bad = WriteFile("bad.json", R"({"rulez":[]})");
  MistakeOf({"--scenario", bad});
  MistakeOf({"--freeze", bad});
  MistakeOf({"--freeze", bad, "--scenario", bad});
  EXPECT_EQ(MistakeOf({"--scenario", bad, "--check"}),
            bad + ": rulez: unknown field (did you mean \"rules\"?)\n");
  const std::string empty = MistakeOf({"--scenario", WriteFile("empty.json", "")});
  EXPECT_NE(empty.find("not JSON"), std::string::npos) << empty;
}

TEST(Program, AKeyOrAnAuthorityThatIsNotThereIsAMistakeOfTheScenario) {
  const std::string no_key = WriteFile(
      "no_key.json",
      R"({"providers":[{"name":"a","upstream":"http://x","upstream_api_key_env":"MOCK_PROGRAM_TEST_UNSET"}]})");
  MistakeOf({"--scenario", no_key, "--check"});
  EXPECT_EQ(
      MistakeOf({"--scenario", no_key}),
      no_key +
          ": providers[0].upstream_api_key_env: MOCK_PROGRAM_TEST_UNSET is not set in the environment\n");
  const std::string no_ca =
      WriteFile("no_ca.json",
                R"({"providers":[{"name":"a","upstream":"https://x","upstream_ca_file":"/nonexistent"}]})");
  MistakeOf({"--scenario", no_ca, "--check"});
  const std::string ca = MistakeOf({"--scenario", no_ca});
  EXPECT_TRUE(ca.starts_with(no_ca + ": providers[0].upstream_ca_file: /nonexistent: ")) << ca;
}

TEST(Program, ACheckOfAGoodScenarioSaysNothing) {
  Program check({"--scenario", WriteFile("two.json", kTwo), "--check"});
  EXPECT_EQ(check.Wait(), 0);
  EXPECT_EQ(check.out() + check.err(), "");
}

}  // namespace
}  // namespace mock_provider
