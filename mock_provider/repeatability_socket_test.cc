// The same scenario gives the same outcomes, however its requests reach the mock.
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <thread>
#include <vector>

#include "mock_provider/mock_provider.h"
#include "mock_provider/testing_raw_client.h"

namespace mock_provider {
namespace {

using testing::ChatRequestText;
using testing::RawClient;
using testing::Received;

constexpr int kConnections = 64;
constexpr int kEach = 25;
constexpr std::uint64_t kRequests = kConnections * kEach;

std::unique_ptr<MockProvider> Start(const std::string& rules) {
  auto mock = MockProvider::StartJson(R"({"seed":42,"rules":[)" + rules + "]}");
  EXPECT_TRUE(mock.ok()) << mock.status();
  return mock.ok() ? *std::move(mock) : nullptr;
}

// Sends that many requests one after another on one connection; the headers belong to each.
std::vector<std::string> Statuses(MockProvider& mock, int requests, const std::string& headers = "") {
  std::vector<std::string> statuses;
  RawClient client(mock.port("mock"));
  for (int i = 0; i < requests; ++i) {
    client.Send(ChatRequestText("m", "", headers));
    const Received received = client.ReadUntil("}}");
    statuses.push_back(received.bytes.size() > 12 ? received.bytes.substr(9, 3) : "none");
  }
  return statuses;
}

template <typename Work>
void OnThreads(int count, Work work) {
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) threads.emplace_back(work, i);
  for (std::thread& thread : threads) thread.join();
}

// What the rule's n-th match came to: the step played, or -1 for a missed draw.
std::map<std::uint64_t, std::int64_t> Outcomes(const MockProvider& mock) {
  std::map<std::uint64_t, std::int64_t> outcomes;
  for (const JournalEntry& entry : mock.Journal()) {
    if (entry.hit.n) outcomes[*entry.hit.n] = entry.status;
  }
  return outcomes;
}

constexpr const char* kChance = R"({"name":"sometimes","probability":0.3,"then":"repeat",
    "script":[{"choose":[{"weight":3,"error":503},{"weight":1,"error":"overloaded"},{"error":500}]}]})";

TEST(Repeatability, OneConnectionAnd64MeetTheSameOutcomes) {
  const auto alone = Start(kChance);
  Statuses(*alone, kRequests);
  const auto crowded = Start(kChance);
  OnThreads(kConnections, [&](int) { Statuses(*crowded, kEach); });
  ASSERT_EQ(crowded->JournalTotal(), kRequests);
  const auto outcomes = Outcomes(*alone);
  EXPECT_EQ(outcomes, Outcomes(*crowded));
  EXPECT_NEAR(static_cast<double>(outcomes.size()), 0.3 * kRequests, 0.05 * kRequests);
}

TEST(Repeatability, AnotherRuleOrProviderChangesNoOutcome) {
  const auto alone = Start(kChance);
  const auto statuses = Statuses(*alone, 200);
  const auto among = MockProvider::StartJson(
      std::string(R"({"seed":42,"providers":[{"name":"other"},{"name":"mock","rules":[)"
                  R"({"match":{"model":"else"},"script":[{"error":418}]},)") +
      kChance + "]}]}");
  ASSERT_TRUE(among.ok()) << among.status();
  testing::Ask((*among)->port("other"), "m");
  testing::Ask((*among)->port("mock"), "else");
  EXPECT_EQ(Statuses(**among, 200), statuses);
}

TEST(Repeatability, ClientsWithKeysOfTheirOwnEachMeetTheWholeScriptHoweverManyThereAre) {
  const auto mock = Start(R"({"key":"header:x-test-id",
      "script":[{"error":503,"times":2},{"error":429},{"reply":{"text":"ok"}}]})");
  std::vector<std::vector<std::string>> met(kConnections);
  OnThreads(kConnections, [&](int i) {
    met[static_cast<std::size_t>(i)] = Statuses(*mock, 5, "x-test-id: client-" + std::to_string(i) + "\r\n");
  });
  for (const auto& statuses : met) {
    EXPECT_EQ(statuses, (std::vector<std::string>{"503", "503", "429", "200", "200"}));
  }
}

TEST(Repeatability, AKeyedDrawIsTheKeysOwn) {
  const std::string rule =
      R"({"key":"header:x-test-id","probability":0.5,"then":"repeat","script":[{"error":503}]})";
  const auto alone = Start(rule);
  const auto expected = Statuses(*alone, 40, "x-test-id: a\r\n");
  const auto crowded = Start(rule);
  std::vector<std::string> met;
  OnThreads(8, [&](int i) {
    const std::string id(1, static_cast<char>('a' + i));
    const auto statuses = Statuses(*crowded, 40, "x-test-id: " + id + "\r\n");
    if (i == 0) met = statuses;
  });
  EXPECT_EQ(met, expected);
}

TEST(Repeatability, ARetryWhileTheFirstIsStillDelayedMeetsTheNextStep) {
  const auto mock = Start(R"({"script":[{"delay_ms":3600000,"reply":{"text":"late"}},{"error":418}]})");
  RawClient slow(mock->port("mock"));
  slow.Send(ChatRequestText("m"));
  ASSERT_TRUE(mock->WaitForJournal(std::chrono::seconds(10),
                                   [](const auto& entries) { return entries.size() == 1; }));
  EXPECT_EQ(Statuses(*mock, 1), std::vector<std::string>{"418"});
  mock->AdvanceClock(std::chrono::hours(1));
  EXPECT_NE(slow.ReadUntil("}}").bytes.find("late"), std::string::npos);
}

TEST(Repeatability, AKeyOfTheConnectionBeginsAnewOnEachConnection) {
  const auto mock = Start(R"({"key":"connection","script":[{"error":503},{"reply":{"text":"ok"}}]})");
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(Statuses(*mock, 2), (std::vector<std::string>{"503", "200"}));
  }
}

}  // namespace
}  // namespace mock_provider
