// Each scenario of the library: that it can be read, says what it is for, and does that.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "mock_provider/mock_provider.h"
#include "mock_provider/scenario_file/scenario_parser.h"
#include "mock_provider/testing_raw_client.h"

namespace mock_provider {
namespace {

using std::chrono::milliseconds;
using testing::Ask;
using testing::ChatRequestText;
using testing::Ending;
using testing::RawClient;
using testing::Received;
using testing::Unchunked;

constexpr const char* kStream = R"(,"stream":true)";
constexpr milliseconds kPatience(10'000);

std::string TextOf(const std::string& name) {
  std::ifstream file("mock_provider/scenarios/" + name + ".json");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::unique_ptr<MockProvider> Start(const std::string& name) {
  auto mock = MockProvider::StartJson(TextOf(name));
  EXPECT_TRUE(mock.ok()) << name << ": " << mock.status();
  if (!mock.ok()) return nullptr;
  (*mock)->FreezeClock();
  return *std::move(mock);
}

std::string Status(const MockProvider& mock, const std::string& provider) {
  const std::string bytes = Ask(mock.port(provider), "gpt-4o").bytes;
  return bytes.size() > 12 ? bytes.substr(9, 3) : "none";
}

// The answer to a request that meets pauses: the clock moves on until it has come to its end.
Received AskPatiently(MockProvider& mock, const std::string& provider, const std::string& members = "") {
  RawClient client(mock.port(provider));
  const std::uint64_t before = mock.JournalTotal();
  client.Send(ChatRequestText("gpt-4o", members, "Connection: close\r\n"));
  EXPECT_TRUE(mock.WaitForJournal(kPatience, [&](const auto& entries) { return entries.size() > before; }));
  mock.AdvanceClock(std::chrono::hours(1));
  return client.ReadToEnd();
}

// Whether the request is still unanswered when the clock has moved that far from its arrival, and is answered
// or ended a millisecond later.
bool TakesExactly(MockProvider& mock, milliseconds time, const std::string& members = "") {
  RawClient client(mock.port("alpha"));
  const std::uint64_t before = mock.JournalTotal();
  client.Send(ChatRequestText("gpt-4o", members, "Connection: close\r\n"));
  const auto arrived = [&](const auto& entries) { return entries.size() > before; };
  if (!mock.WaitForJournal(kPatience, arrived)) return false;
  mock.AdvanceClock(time - milliseconds(1));
  if (mock.Journal().back().end_ms) return false;
  mock.AdvanceClock(milliseconds(1));
  return client.ReadToEnd().ending != Ending::kTimeout;
}

TEST(Scenarios, EachIsReadWithoutMistakesAndItsFirstLineSaysWhatItIsFor) {
  std::set<std::string> found;
  for (const auto& file : std::filesystem::directory_iterator("mock_provider/scenarios")) {
    const std::string name = file.path().stem().string();
    found.insert(name);
    const std::string text = TextOf(name);
    EXPECT_TRUE(ParseScenario(text).ok()) << name << ": " << ParseScenario(text).status();
    const std::string purpose = text.substr(0, text.find('\n'));
    EXPECT_TRUE(purpose.starts_with("// ") && purpose.size() > 40 && purpose.size() < 125)
        << name << ": " << purpose;
  }
  EXPECT_EQ(found, (std::set<std::string>{"all_down", "brownout", "chaos_monkey", "cold_start", "cut_stream",
                                          "flaky_primary", "healthy", "hung", "malformed", "mid_stream_error",
                                          "outage_windows", "primary_down", "quota_exhausted", "rate_limited",
                                          "slow_first_token", "stalled_stream"}));
}

TEST(Scenarios, HealthyAnswersAndStreams) {
  const auto mock = Start("healthy");
  EXPECT_EQ(Status(*mock, "alpha"), "200");
  EXPECT_TRUE(Unchunked(AskPatiently(*mock, "alpha", kStream).Body()).ends_with("data: [DONE]\n\n"));
}

TEST(Scenarios, FlakyPrimaryFailsThreeInTenAndTheSecondaryNever) {
  const auto mock = Start("flaky_primary");
  int failed = 0;
  for (int i = 0; i < 200; ++i) failed += Status(*mock, "primary") == "200" ? 0 : 1;
  EXPECT_NEAR(failed, 60, 20);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(Status(*mock, "secondary"), "200");
}

TEST(Scenarios, PrimaryDownRefusesAndTheSecondaryAnswers) {
  const auto mock = Start("primary_down");
  EXPECT_FALSE(RawClient(mock->port("primary")).Connected());
  EXPECT_EQ(Status(*mock, "secondary"), "200");
}

TEST(Scenarios, AllDownLeavesNobody) {
  const auto mock = Start("all_down");
  EXPECT_FALSE(RawClient(mock->port("primary")).Connected());
  EXPECT_EQ(Ask(mock->port("secondary"), "m").ending, Ending::kReset);
  EXPECT_EQ(Status(*mock, "tertiary"), "503");
}

TEST(Scenarios, BrownoutIsSlowAndSometimesRefuses) {
  const auto mock = Start("brownout");
  int refused = 0;
  for (int i = 0; i < 50; ++i) {
    const Received received = AskPatiently(*mock, "alpha");
    const JournalEntry entry = mock->Journal().back();
    if (entry.status == 503) {
      ++refused;
    } else {
      EXPECT_TRUE(entry.action && entry.action->delay_ms && entry.action->delay_ms->value > 50);
      EXPECT_EQ(received.bytes.substr(9, 3), "200");
    }
  }
  EXPECT_GT(refused, 0);
  EXPECT_LT(refused, 15);
}

TEST(Scenarios, RateLimitedSaysWhenToComeBackAndThenAnswers) {
  const auto mock = Start("rate_limited");
  for (const std::string provider : {"alpha", "claude"}) {
    for (const std::string expected : {"429", "429", "200", "429"})
      EXPECT_EQ(Status(*mock, provider), expected);
  }
  EXPECT_EQ(mock->Journal().at(0).retry_after_ms, 1500);
  EXPECT_EQ(mock->Journal().at(4).retry_after_ms, 2000);
}

TEST(Scenarios, QuotaExhaustedStaysExhausted) {
  const auto mock = Start("quota_exhausted");
  for (int i = 0; i < 3; ++i) {
    const Received received = Ask(mock->port("primary"), "m");
    EXPECT_EQ(received.bytes.substr(9, 3), "429");
    EXPECT_NE(received.Body().find("insufficient_quota"), std::string::npos);
  }
  EXPECT_EQ(Status(*mock, "secondary"), "200");
}

TEST(Scenarios, HungSaysNothingForTwoMinutesAndResets) {
  const auto mock = Start("hung");
  EXPECT_TRUE(TakesExactly(*mock, milliseconds(120'000)));
  const JournalEntry entry = mock->Journal().back();
  EXPECT_EQ(entry.bytes, 0u);
  EXPECT_EQ(entry.closed_by, ClosedBy::kServer);
}

TEST(Scenarios, SlowFirstTokenHoldsTheFirstEventForTwentySecondsBehindTheHead) {
  const auto mock = Start("slow_first_token");
  RawClient client(mock->port("alpha"));
  client.Send(ChatRequestText("m", kStream));
  EXPECT_TRUE(client.ReadUntil("\r\n\r\n").bytes.ends_with("\r\n\r\n"));
  mock->AdvanceClock(milliseconds(20'000));
  EXPECT_EQ(client.ReadUntil("[DONE]").ending, Ending::kOpen);
  EXPECT_EQ(Status(*mock, "alpha"), "200");
}

TEST(Scenarios, StalledStreamStopsForAMinuteWithCommentsAndGoesOn) {
  const auto mock = Start("stalled_stream");
  EXPECT_TRUE(TakesExactly(*mock, milliseconds(60'000), kStream));
  const std::string body = Unchunked(AskPatiently(*mock, "alpha", kStream).Body());
  EXPECT_NE(body.find("\n\n: keep-alive\n\n: keep-alive\n\n"), std::string::npos) << body;
  EXPECT_TRUE(body.ends_with("data: [DONE]\n\n"));
}

TEST(Scenarios, CutStreamEndsEachTimeInAnotherWay) {
  const auto mock = Start("cut_stream");
  const Received inside = Ask(mock->port("alpha"), "m", kStream);
  EXPECT_EQ(inside.ending, Ending::kFin);
  EXPECT_FALSE(Unchunked(inside.Body()).ends_with("\n\n"));
  const Received between = Ask(mock->port("alpha"), "m", kStream);
  EXPECT_EQ(between.ending, Ending::kFin);
  EXPECT_TRUE(Unchunked(between.Body()).ends_with("\n\n"));
  EXPECT_FALSE(between.bytes.ends_with("\r\n0\r\n\r\n"));
  EXPECT_EQ(Ask(mock->port("alpha"), "m", kStream).ending, Ending::kReset);
  const Received undone = Ask(mock->port("alpha"), "m", kStream);
  EXPECT_TRUE(undone.bytes.ends_with("\r\n0\r\n\r\n"));
  EXPECT_EQ(undone.bytes.find("[DONE]"), std::string::npos);
}

TEST(Scenarios, MidStreamErrorComesAfterThreeWordsInTheDialectsWords) {
  const auto mock = Start("mid_stream_error");
  const std::string openai = Unchunked(Ask(mock->port("alpha"), "m", kStream).Body());
  EXPECT_LT(openai.find(" three"), openai.find("data: {\"error\""));
  EXPECT_EQ(openai.find(" four"), std::string::npos);
  const std::string anthropic = Unchunked(Ask(mock->port("claude"), "m", kStream).Body());
  EXPECT_NE(anthropic.find("event: error\ndata: {\"type\":\"error\""), std::string::npos) << anthropic;
}

TEST(Scenarios, MalformedBreaksEveryAnswerInAnotherWay) {
  const auto mock = Start("malformed");
  for (int i = 0; i < 12; ++i) Ask(mock->port("alpha"), "m");
  std::set<FaultKind> faults;
  for (const JournalEntry& entry : mock->Journal()) {
    EXPECT_TRUE(entry.broken);
    if (entry.action) faults.insert(*entry.action->fault);
  }
  EXPECT_EQ(faults.size(), 12u);
  Ask(mock->port("alpha"), "m", kStream);
  EXPECT_EQ(mock->Journal().back().hit.rule, "broken-event");
}

TEST(Scenarios, OutageWindowsOpenAndCloseByTheClock) {
  const auto mock = Start("outage_windows");
  EXPECT_EQ(Status(*mock, "primary"), "200");
  mock->AdvanceClock(milliseconds(60'000));
  EXPECT_EQ(Status(*mock, "primary"), "503");
  EXPECT_EQ(Status(*mock, "secondary"), "200");
  mock->AdvanceClock(milliseconds(30'000));
  EXPECT_EQ(Status(*mock, "primary"), "200");
  mock->AdvanceClock(milliseconds(1'800'000 - 90'000));
  EXPECT_FALSE(RawClient(mock->port("primary")).Connected());
  mock->AdvanceClock(milliseconds(10'000));
  EXPECT_TRUE(RawClient(mock->port("primary")).Connected());
}

TEST(Scenarios, ColdStartIsSlowThenBusyThenWarm) {
  const auto mock = Start("cold_start");
  EXPECT_TRUE(TakesExactly(*mock, milliseconds(30'000)));
  for (const std::string expected : {"503", "503", "200", "200"}) EXPECT_EQ(Status(*mock, "alpha"), expected);
  EXPECT_EQ(mock->Journal().at(1).retry_after_ms, 2000);
}

TEST(Scenarios, ChaosMonkeyMeetsOneInFiveInManyWaysAndTheSameEachTime) {
  std::vector<std::string> runs;
  for (int run = 0; run < 2; ++run) {
    const auto mock = Start("chaos_monkey");
    for (int i = 0; i < 200; ++i) AskPatiently(*mock, "alpha", i % 2 == 0 ? "" : kStream);
    std::string met;
    std::size_t ruled = 0;
    for (const JournalEntry& entry : mock->Journal()) {
      met += entry.hit.rule.value_or("-") + std::to_string(entry.status) + " ";
      if (entry.hit.rule) ++ruled;
    }
    EXPECT_GT(ruled, 30u);
    EXPECT_LT(ruled, 90u);
    runs.push_back(met);
  }
  EXPECT_EQ(runs[0], runs[1]);
}

}  // namespace
}  // namespace mock_provider
