#include "mock_provider/scenario_file/freeze.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "mock_provider/journal/journal_json.h"
#include "mock_provider/mock_provider.h"
#include "mock_provider/scenario_file/scenario_writer.h"
#include "mock_provider/testing_raw_client.h"

namespace mock_provider {
namespace {

using nlohmann::json;
using testing::Ask;
using testing::Received;

json Frozen(const std::string& journal) {
  const auto scenario = Freeze(journal);
  EXPECT_TRUE(scenario.ok()) << scenario.status();
  return scenario.ok() ? json::parse(ScenarioJson(*scenario)) : json();
}

std::string Wrong(const std::string& journal) {
  const auto scenario = Freeze(journal);
  return scenario.ok() ? "no mistake" : std::string(scenario.status().message());
}

TEST(Freeze, EachProviderGetsItsOutcomesInOrderAndEqualOnesTogether) {
  const json scenario = Frozen(R"({"requests":[
    {"seq":1,"provider":"a","dialect":"azure","action":{"error":503}},
    {"seq":2,"provider":"b","action":{"fault":"reset"}},
    {"seq":3,"provider":"a","dialect":"azure","action":{"error":503}},
    {"seq":4,"provider":"a","dialect":"azure"},
    {"seq":5,"provider":"a","dialect":"azure","action":{"error":503}}],"total":5})");
  EXPECT_EQ(scenario["providers"][0]["name"], "a");
  EXPECT_EQ(scenario["providers"][0]["dialect"], "azure");
  EXPECT_EQ(scenario["providers"][0]["rules"][0]["script"],
            json::parse(R"([{"error":503,"times":2},{"reply":{}},{"error":503}])"));
  EXPECT_EQ(scenario["providers"][0]["rules"][0]["then"], "pass");
  EXPECT_EQ(scenario["providers"][1]["rules"][0]["script"], json::parse(R"([{"fault":"reset"}])"));
}

TEST(Freeze, ASilenceIsAllThatIsLeftOfWhatNeverCame) {
  const json scenario = Frozen(R"({"requests":[
    {"provider":"a","action":{"hang":{"at":"before_headers"},"reply":{"headers":{"x":"y"}},"frames":{"delay_ms":5}}},
    {"provider":"a","action":{"hang":{"for_ms":5,"end":"fin"},"error":503,"retry_after_ms":7}},
    {"provider":"a","action":{"hang":{"for_ms":5,"end":"reply"},"error":503}}],"total":3})");
  EXPECT_EQ(scenario["providers"][0]["rules"][0]["script"], json::parse(R"([{"hang":{"at":"before_headers"}},
              {"hang":{"at":"before_headers","for_ms":5.0,"end":"fin"}},
              {"error":503,"hang":{"at":"before_headers","for_ms":5.0,"end":"reply"}}])"));
}

TEST(Freeze, WhatIsNoJournalSaysWhatIsMissing) {
  EXPECT_EQ(Wrong(R"({"total":1})"), "requests: is needed: a journal as GET /__admin/requests gives it");
  EXPECT_EQ(Wrong(R"({"requests":[]})"), "requests: there are none to play back");
  EXPECT_EQ(Wrong(R"({"requests":[{"seq":1}]})"), "requests[0].provider: a journal's entry has one");
  EXPECT_EQ(Wrong(R"({"requests":[{"provider":"a","action":{"eror":503}}]})"),
            "requests[0].action.eror: unknown field (did you mean \"error\"?)");
  EXPECT_NE(Wrong("journal"), "no mistake");
  EXPECT_NE(Wrong(R"({"requests":[5]})"), "no mistake");
}

// What a client can tell of an answer: how the connection ended, the status, the wait asked for, the body but
// for the ids in it.
std::string Seen(const Received& received) {
  std::string seen = std::to_string(static_cast<int>(received.ending));
  if (!received.bytes.starts_with("HTTP/"))
    return seen + " " + std::to_string(received.bytes.size()) + " bytes";
  seen += " " + received.bytes.substr(0, received.bytes.find("\r\n"));
  const std::string head = received.Head();
  if (const auto wait = head.find("retry-after-ms"); wait != head.npos)
    seen += " " + head.substr(wait, head.find("\r\n", wait) - wait);
  std::string body = received.Body();
  for (const std::string id : {"mock", "req_"}) {
    for (auto at = body.find(id); at != body.npos; at = body.find(id, at)) {
      const auto end = std::min(body.find_first_of("\" )", at), body.size());
      body.replace(at, end - at, "ID");
    }
  }
  return seen + " " + body;
}

std::vector<std::string> Play(MockProvider& mock) {
  std::vector<std::string> seen;
  for (int i = 0; i < 60; ++i) {
    const std::string provider = i % 3 == 0 ? "beta" : "alpha";
    seen.push_back(Seen(Ask(mock.port(provider), "m", i % 2 == 0 ? "" : R"(,"stream":true)")));
  }
  return seen;
}

TEST(Freeze, AFrozenRandomRunPlaysTheSameOutcomesBack) {
  const auto random = MockProvider::StartJson(R"({"seed":7,"providers":[
    {"name":"alpha","rules":[
      {"probability":0.3,"then":"repeat","script":[{"error":"rate_limit","retry_after_ms":1500},{"error":503}]},
      {"probability":0.6,"then":"repeat","script":[{"choose":[{"weight":2,"fault":"close"},{"fault":"random_bytes"},
        {"reply":{"text":"Grüße aus Zürich","usage":{"prompt_tokens":5}}},{"fault":"truncated_json"},
        {"delay_ms":{"type":"uniform","lower":0,"upper":3},"error":"overloaded"},
        {"frames":{"at":[{"frame":1,"malformed":true},{"frame":2,"end":"fin"}]}},
        {"hang":{"for_ms":1,"end":"reset"}}]}]}]},
    {"name":"beta","dialect":"anthropic","rules":[{"probability":0.5,"then":"repeat",
      "script":[{"error":"overloaded"},{"error":"rate_limit"},{"fault":"html_error"}]}]}]})");
  ASSERT_TRUE(random.ok()) << random.status();
  const auto first = Play(**random);
  const auto journal = (*random)->Journal();
  const auto frozen = Freeze(JournalJson(journal, journal.size()));
  ASSERT_TRUE(frozen.ok()) << frozen.status();
  const std::string text = ScenarioJson(*frozen);
  for (const char* chance : {"probability", "choose", "uniform"})
    EXPECT_EQ(text.find(chance), std::string::npos) << chance;
  const auto again = MockProvider::StartJson(text);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(Play(**again), first);
}

TEST(Freeze, TheProvidersPaceIsPartOfWhatItsStreamsWere) {
  const auto slow = MockProvider::StartJson(R"({"providers":[
    {"name":"a","stream":{"ttft_ms":{"type":"uniform","lower":3000,"upper":9000},"tps":500},
     "rules":[{"match":{"model":"cut"},"script":[{"frames":{"delay_ms":1,"at":[{"frame":2,"end":"fin"}]}}]}]}]})");
  ASSERT_TRUE(slow.ok()) << slow.status();
  (*slow)->FreezeClock();
  testing::RawClient client((*slow)->port("a"));
  client.Send(testing::ChatRequestText("m", R"(,"stream":true)"));
  client.ReadUntil("\r\n\r\n");
  const auto script = [&] {
    const auto journal = (*slow)->Journal();
    return Frozen(JournalJson(journal, journal.size()))["providers"][0]["rules"][0]["script"];
  };
  const json frames = script()[0]["frames"];
  EXPECT_EQ(frames["delay_ms"], 2);
  EXPECT_EQ(frames["at"][0]["frame"], 0);
  // The very wait that this client had.
  const double wait = frames["at"][0]["stall_ms"];
  (*slow)->AdvanceClock(std::chrono::milliseconds(static_cast<int>(wait)));
  (*slow)->AdvanceClock(std::chrono::milliseconds(1));
  EXPECT_EQ(client.ReadUntil("assistant").ending, testing::Ending::kOpen);
  EXPECT_GE((*slow)->Journal().at(0).silence_ms, wait);

  (*slow)->RunClock();
  Ask((*slow)->port("a"), "m");
  client.Close();
  EXPECT_EQ(script()[1], json({{"reply", json::object()}}));
}

TEST(Freeze, AStepsOwnPaceOfFramesIsKeptBeforeTheProviders) {
  const auto mock = MockProvider::StartJson(R"({"providers":[{"name":"a","stream":{"ttft_ms":1,"tps":500},
    "rules":[{"script":[{"frames":{"delay_ms":1,"at":[{"frame":2,"end":"fin"}]}}]}]}]})");
  ASSERT_TRUE(mock.ok()) << mock.status();
  Ask((*mock)->port("a"), "m", R"(,"stream":true)");
  EXPECT_EQ(
      Frozen(JournalJson((*mock)->Journal(), 1))["providers"][0]["rules"][0]["script"],
      json::parse(R"([{"frames":{"delay_ms":1,"at":[{"frame":0,"stall_ms":1},{"frame":2,"end":"fin"}]}}])"));
}

// The head's lines without the answer's id, in order of their names, and the body of an error.
std::string Whole(const Received& received) {
  std::istringstream head(received.Head());
  std::set<std::string> lines;
  for (std::string line; std::getline(head, line);)
    if (!line.starts_with("x-request-id")) lines.insert(line.substr(0, line.find('\r')));
  const bool has_ids = lines.contains("HTTP/1.1 200 OK");
  return fmt::format("{}\n{}", fmt::join(lines, "\n"), has_ids ? "" : received.Body());
}

TEST(Freeze, WhatALimitRefusedIsRefusedInTheSameWordsAndWhatItCountedIsCountedAgain) {
  const auto limited =
      MockProvider::StartJson(R"({"providers":[{"name":"a","limits":{"rpm":2,"tpm":100,"concurrency":1},
    "rules":[{"match":{"model":"hang"},"script":[{"hang":{"for_ms":9,"end":"reply"},"reply":{"text":"x"}}]}]}]})");
  ASSERT_TRUE(limited.ok()) << limited.status();
  (*limited)->FreezeClock();
  const std::uint16_t port = (*limited)->port("a");
  testing::RawClient hung(port);
  hung.Send(testing::ChatRequestText("hang"));
  ASSERT_TRUE((*limited)->WaitForTotal(std::chrono::seconds(10), 1));
  std::vector<std::string> first = {Whole(Ask(port, "m"))};  // two at once
  (*limited)->AdvanceClock(std::chrono::milliseconds(9));
  hung.ReadUntil("}}");
  for (const char* members : {R"(,"max_tokens":5000)", "", ""})
    first.push_back(Whole(Ask(port, "m", members)));
  const auto frozen = Freeze(JournalJson((*limited)->Journal(), 5));
  ASSERT_TRUE(frozen.ok()) << frozen.status();
  const auto again = MockProvider::StartJson(ScenarioJson(*frozen));
  ASSERT_TRUE(again.ok()) << again.status();
  const std::uint16_t other = (*again)->port("a");
  Ask(other, "hang");
  for (const std::string& answer : first) EXPECT_EQ(Whole(Ask(other, "m")), answer);
  EXPECT_NE(first[0].find("Too many requests at once"), std::string::npos) << first[0];
  EXPECT_NE(first[1].find("Request too large"), std::string::npos) << first[1];
  EXPECT_NE(first[2].find("200 OK"), std::string::npos) << first[2];
  EXPECT_NE(first[3].find("Please try again in"), std::string::npos) << first[3];
}

TEST(Freeze, AProvidersOwnListOfModelsIsListedAgain) {
  const auto mock = MockProvider::StartJson(R"({"providers":[{"name":"a","models":["gpt-4o"]}]})");
  ASSERT_TRUE(mock.ok()) << mock.status();
  const auto list = [](MockProvider& from) {
    testing::RawClient client(from.port("a"));
    client.Send("GET /v1/models HTTP/1.1\r\nHost: m\r\nConnection: close\r\n\r\n");
    return client.ReadToEnd().Body();
  };
  const std::string first = list(**mock);
  EXPECT_NE(first.find("gpt-4o"), std::string::npos);
  const auto frozen = Freeze(JournalJson((*mock)->Journal(), 1));
  ASSERT_TRUE(frozen.ok()) << frozen.status();
  const auto again = MockProvider::StartJson(ScenarioJson(*frozen));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(list(**again), first);
}

TEST(Freeze, WhatIsNoJournalIsToldSo) {
  EXPECT_EQ(Freeze("[]").status().message(), "journal: must be an object, not array");
}

TEST(Freeze, AModelsNameThatMeantNothingIsRefusedAgain) {
  const auto mock = MockProvider::Start(DefaultScenario());
  ASSERT_TRUE(mock.ok()) << mock.status();
  EXPECT_EQ(Ask((*mock)->port("mock"), "fault:nothing").bytes.substr(9, 3), "400");
  const json scenario = Frozen(JournalJson((*mock)->Journal(), 1));
  EXPECT_EQ(scenario["providers"][0]["rules"][0]["script"], json::parse(R"([{"error":400}])"));
}

}  // namespace
}  // namespace mock_provider
