// Exactly one row a request, whatever becomes of it: under mixed faults from 32 clients at once, and for each
// outcome alone.
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <thread>

#include "integration_tests/gateway_test.h"

namespace integration_tests {
namespace {

using Json = nlohmann::json;

class EvidenceTest : public GatewayTest {};

// What one client saw of one request.
struct Seen {
  std::string id;  // empty: it left before the head came
  int status = 0;
  bool stream = false;
  bool whole = false;
  std::string provider, retries, cost;
};

constexpr const char* kMixedFaults = R"({"seed":7,"providers":[
  {"name":"alpha","rules":[
    {"name":"hang","match":{"model":"hang"},"script":[{"hang":{"at":"before_headers"}}]},
    {"name":"cut","match":{"stream":true},"probability":0.2,"script":[{"frames":{"at":[{"frame":2,"end":"reset"}]}}]},
    {"name":"503","probability":0.3,"script":[{"error":503}]},
    {"name":"reset","probability":0.1,"script":[{"fault":"reset"}]},
    {"name":"429","probability":0.1,"script":[{"error":"rate_limit"}]},
    {"name":"half","probability":0.1,"script":[{"fault":"close_mid_body"}]}]},
  {"name":"beta","rules":[
    {"name":"500","probability":0.3,"script":[{"error":500}]},
    {"name":"garbage","probability":0.1,"script":[{"fault":"random_bytes"}]}]}]})";

TEST_F(EvidenceTest, ThirtyTwoClientsWithMixedFaultsLeaveOneRowEach) {
  Start(kMixedFaults, {.retry = "backoff_ms = [1, 2]\ndeadline_ms = 1500\n"});
  constexpr int kClients = 32, kRequests = 25;
  std::mutex mutex;
  std::map<std::string, Seen> seen;
  std::atomic<int> left{0};
  std::vector<std::thread> clients;
  for (int c = 0; c < kClients; ++c) {
    clients.emplace_back([&, c] {
      std::mt19937 random(static_cast<unsigned>(c));
      for (int i = 0; i < kRequests; ++i) {
        const unsigned kind = random() % 20;
        const bool stream = kind < 6;
        const std::string model = kind == 19 ? "hang" : "gpt-4o";
        HttpClient client = Connect();
        EXPECT_TRUE(client.Send(ChatRequest(ChatBody(model, stream ? R"(,"stream":true)" : ""))));
        if (kind == 18) {
          client.Reset();
          ++left;
          continue;
        }
        const Response response = client.ReadResponse();
        const Seen one{response.Header("x-arbstr-request-id"),
                       response.status,
                       stream,
                       response.complete,
                       response.Header("x-arbstr-provider"),
                       response.Header("x-arbstr-retries"),
                       response.Header("x-arbstr-cost-sats")};
        std::lock_guard lock(mutex);
        EXPECT_TRUE(seen.emplace(one.id, one).second) << "ids are unique: " << one.id;
      }
    });
  }
  for (auto& client : clients) client.join();
  StopGateway();

  const auto rows = ReadRows(database());
  std::set<std::string> ids;
  std::size_t unseen = 0;
  std::size_t attempts = 0;
  for (const Row& row : rows) {
    EXPECT_TRUE(ids.insert(row.correlation_id).second);
    attempts += static_cast<std::size_t>(row.attempts);
    const auto found = seen.find(row.correlation_id);
    if (found == seen.end()) {
      ++unseen;
      continue;
    }
    const Seen& one = found->second;
    const bool whole = one.status >= 200 && one.status < 300 && one.whole;
    EXPECT_EQ(row.success, whole) << row.correlation_id;
    EXPECT_EQ(row.streaming, one.stream);
    EXPECT_EQ(row.provider.value_or(""), one.provider);
    EXPECT_EQ(row.error_status.has_value(), !whole);
    if (one.status != 200) {
      EXPECT_EQ(row.error_status.value_or(0), one.status);
      EXPECT_EQ(row.retries.value_or(""), one.retries);
    }
    EXPECT_EQ(row.attempt_log.has_value(), row.retries.has_value());
    if (row.attempt_log) {
      EXPECT_EQ(Json::parse(*row.attempt_log).size(), static_cast<std::size_t>(row.attempts));
    }
  }
  EXPECT_EQ(rows.size() - unseen, seen.size()) << "every answered request has its row";
  // One that left at once may have gone before its body was read, and then is no request.
  EXPECT_LE(unseen, static_cast<std::size_t>(left));
  // The journal may have more: a pooled connection that dies is replaced silently.
  EXPECT_LE(attempts, Journal().size() + unseen);
}

TEST_F(EvidenceTest, ARowTellsWhenAndHowLong) {
  Start(R"({"rules":[{"script":[{"delay_ms":60}]}]})");
  const Response response = Chat();
  EXPECT_GE(std::stoi(response.Header("x-arbstr-latency-ms")), 60);
  const Row row = OnlyRow();
  EXPECT_EQ(std::to_string(row.latency_ms), response.Header("x-arbstr-latency-ms"));
  EXPECT_FALSE(row.stream_duration_ms);
  // 2026-01-31T12:00:00.123Z
  ASSERT_EQ(row.timestamp.size(), 24u);
  EXPECT_EQ(row.timestamp[10], 'T');
  EXPECT_EQ(row.timestamp[19], '.');
  EXPECT_EQ(row.timestamp[23], 'Z');
  EXPECT_EQ(row.correlation_id[14], '7') << "a UUID of version 7";
}

TEST_F(EvidenceTest, WithBeforeResponseTheRowIsThereWhenTheAnswerIs) {
  Start(R"({})", {.database = "durability = \"before_response\"\n"});
  for (std::size_t n = 1; n <= 20; ++n) {
    EXPECT_EQ((n % 2 ? Chat() : Stream()).status, 200);
    ASSERT_EQ(ReadRows(database()).size(), n) << "no waiting";
  }
}

TEST_F(EvidenceTest, AKilledGatewayLosesNothingThatAClientSawFinishedWithBeforeResponse) {
  Start(R"({})", {.database = "durability = \"before_response\"\n"});
  std::size_t answered = 0;
  for (; answered < 10; ++answered) ASSERT_EQ(Chat().status, 200);
  RowsMayDiffer();  // a killed gateway has not written all lines
  gateway().Signal(SIGKILL);
  ASSERT_TRUE(gateway().WaitForExit());
  EXPECT_EQ(ReadRows(database()).size(), answered);
  StartGateway({.database = "durability = \"before_response\"\n"});
  EXPECT_EQ(Chat().status, 200);
  EXPECT_EQ(Rows(11).size(), 11u);
}

}  // namespace
}  // namespace integration_tests
