// A database that cannot be written or read for a while: no row is lost, and whoever looks is told.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "integration_tests/database_lock.h"
#include "integration_tests/gateway_test.h"
#include "integration_tests/metrics_scrape.h"
#include "integration_tests/wait_until.h"

namespace integration_tests {
namespace {

using Clock = std::chrono::steady_clock;
using Json = nlohmann::json;

class LogFailureTest : public GatewayTest {
 protected:
  Json Health() {
    const Response response = Ask(port(), Get("/health"));
    EXPECT_EQ(response.status, 200) << "it still serves";
    return Json::parse(response.body, nullptr, false);
  }
  // Until /health says so, within the tests' patience.
  bool WaitForHealth(const std::string& status) {
    return WaitUntil([&] { return Health()["status"] == status; });
  }
  // What says that rows cannot be written, from outside.
  void ExpectFailing(std::size_t rows_kept) {
    ASSERT_TRUE(WaitForHealth("degraded"));
    EXPECT_EQ(Health()["log"], "failing");
    EXPECT_TRUE(WaitForLog("request log: cannot write, keeping"));
    const MetricsScrape scrape = WaitForMetric(port(), "arbstr_log_write_failures_total", {}, 1);
    EXPECT_EQ(scrape.Sum("arbstr_log_writable"), 0);
    EXPECT_EQ(scrape.Sum("arbstr_log_queue_depth"), rows_kept);
  }
  void ExpectWorkingAgain(std::size_t rows) {
    EXPECT_EQ(Rows(rows).size(), rows);
    ASSERT_TRUE(WaitForHealth("ok"));
    EXPECT_TRUE(WaitForLog("request log: writing again"));
    // A row can be read a moment before it is counted.
    WaitForMetric(port(), "arbstr_log_rows_committed_total", {}, static_cast<double>(rows));
    const MetricsScrape scrape = MetricsScrape::Of(port());
    EXPECT_EQ(scrape.Sum("arbstr_log_writable"), 1);
    EXPECT_EQ(scrape.Sum("arbstr_log_queue_depth"), 0);
    EXPECT_EQ(scrape.Sum("arbstr_log_rows_committed_total"), rows);
  }
};

TEST_F(LogFailureTest, LockedForFiveSecondsTheDatabaseLosesNoRow) {
  Start(R"({})");
  EXPECT_EQ(Chat().status, 200);
  ASSERT_EQ(Rows(1).size(), 1u);
  WriteLock lock(database());
  ASSERT_TRUE(lock.held());
  std::size_t answered = 1;
  EXPECT_EQ((++answered, Chat()).status, 200);
  ExpectFailing(1);
  for (const auto until = Clock::now() + std::chrono::seconds(5); Clock::now() < until; ++answered) {
    ASSERT_EQ(Chat().status, 200);
  }
  EXPECT_EQ(ReadRows(database()).size(), 1u);
  lock.Release();
  ExpectWorkingAgain(answered);
}

TEST_F(LogFailureTest, WithBeforeResponseAnAnswerWaitsForItsRow) {
  Start(R"({})", {.database = "durability = \"before_response\"\n"});
  WriteLock lock(database());
  ASSERT_TRUE(lock.held());
  HttpClient plain = Connect(), stream = Connect();
  ASSERT_TRUE(plain.Send(ChatRequest(ChatBody())));
  ASSERT_TRUE(stream.Send(ChatRequest(ChatBody("gpt-4o", R"(,"stream":true)"))));
  WaitForMetric(port(), "arbstr_log_queue_depth", {}, 2);
  ExpectFailing(2);
  EXPECT_EQ(stream.ReadUntil("finish_reason").find("[DONE]"), std::string::npos);
  EXPECT_EQ(ReadRows(database()).size(), 0u);
  lock.Release();
  EXPECT_EQ(plain.ReadResponse().status, 200);
  EXPECT_NE(stream.ReadUntil("[DONE]").find("[DONE]"), std::string::npos);
  EXPECT_EQ(ReadRows(database()).size(), 2u) << "no waiting";
}

TEST_F(LogFailureTest, AFullDiskLosesNoRowThatThereIsRoomForLater) {
  RowsMayDiffer();  // its log is a file that may not grow either
  Start(R"({})");
  EXPECT_EQ(Chat().status, 200);
  ASSERT_EQ(Rows(1).size(), 1u);
  // No file of the gateway's may grow beyond what the log's has: that is how it meets a full disk.
  const auto size = std::filesystem::file_size(database() + "-wal");
  const rlimit full{size, RLIM_INFINITY}, room{RLIM_INFINITY, RLIM_INFINITY};
  ASSERT_EQ(::prlimit(gateway().pid(), RLIMIT_FSIZE, &full, nullptr), 0);
  EXPECT_EQ(Chat().status, 200);
  ExpectFailing(1);
  std::size_t answered = 2;
  for (; answered < 102; ++answered) ASSERT_EQ((answered % 2 ? Chat() : Stream()).status, 200);
  EXPECT_EQ(ReadRows(database()).size(), 1u);
  ASSERT_EQ(::prlimit(gateway().pid(), RLIMIT_FSIZE, &room, nullptr), 0);
  ExpectWorkingAgain(answered);
}

TEST_F(LogFailureTest, ADatabaseThatIsMovedAwayIsFollowedByTheNext) {
  Start(R"({})");
  EXPECT_EQ(Chat("before").status, 200);
  ASSERT_EQ(Rows(1).size(), 1u);
  RowsMayDiffer();
  std::filesystem::rename(database(), database() + ".archive");
  EXPECT_EQ(Chat("after").status, 200);
  EXPECT_TRUE(WaitForLog("has been moved or removed: the next one is made there"));
  EXPECT_TRUE(WaitForLog("request log: writing again; 1 rows had waited"));
  const auto rows = Rows(1);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].model, "after");
  EXPECT_EQ(ReadRows(database() + ".archive").size(), 1u);
  const Json listed = Json::parse(Ask(port(), Get("/v1/requests")).body);
  EXPECT_EQ(listed["total"], 1) << "questions follow too";
  EXPECT_TRUE(WaitForHealth("ok"));
}

TEST_F(LogFailureTest, RowsThatCannotBeWrittenAtTheEndAreSaidToBeLost) {
  RowsMayDiffer();
  Start(R"({})");
  EXPECT_EQ(Chat().status, 200);
  ASSERT_EQ(Rows(1).size(), 1u);
  WriteLock lock(database());
  ASSERT_TRUE(lock.held());
  EXPECT_EQ(Chat().status, 200);
  EXPECT_EQ(Chat().status, 200);
  gateway().Signal(SIGTERM);
  EXPECT_EQ(gateway().WaitForExit(), 1) << "nobody may take it for a clean end";
  ExpectExitStatus(1);
  EXPECT_NE(gateway().StderrText().find("2 rows could not be written to"), std::string::npos)
      << gateway().StderrText();
}

// A full queue, by requests that need no provider.
TEST_F(LogFailureTest, WhenTheQueueIsFullRequestsAreRefusedAfterASecondAndNobodyIsAsked) {
  Start(R"({})", {.server = "max_connections = 16\n", .more = "[logging]\nlevel = \"error\"\n"});
  EXPECT_EQ(Chat().status, 200);
  ASSERT_EQ(Rows(1).size(), 1u);
  WriteLock lock(database());
  ASSERT_TRUE(lock.held());
  const auto capacity = static_cast<std::size_t>(MetricsScrape::Of(port()).Sum("arbstr_log_queue_capacity"));
  ASSERT_EQ(capacity, 65'536u + 16);
  constexpr int kClients = 4;
  constexpr std::size_t kBatch = 32;
  std::atomic<std::size_t> rows{0};
  std::vector<std::thread> clients;
  for (int c = 0; c < kClients; ++c) {
    clients.emplace_back([&] {
      HttpClient client = Connect();
      std::string batch;
      for (std::size_t i = 0; i < kBatch; ++i) {
        batch += ChatRequest(ChatBody(), {{"X-Arbstr-Policy", "no-such"}});
      }
      const std::size_t share = capacity / kClients;
      for (std::size_t i = 0; i < share / kBatch * kBatch; i += kBatch) {
        if (!client.Send(batch)) return;
        for (std::size_t r = 0; r < kBatch; ++r) rows += client.ReadResponse().status == 400 ? 1 : 0;
      }
    });
  }
  for (auto& client : clients) client.join();
  std::size_t expected = capacity / kClients / kBatch * kBatch * kClients;
  ASSERT_EQ(rows, expected);
  HttpClient client = Connect();
  for (; expected < capacity; ++expected) {
    ASSERT_TRUE(client.Send(ChatRequest(ChatBody(), {{"X-Arbstr-Policy", "no-such"}})));
    ASSERT_EQ(client.ReadResponse().status, 400);
  }
  const auto begun = Clock::now();
  EXPECT_TRUE(IsOurError(Chat(), 503, "log_unavailable"));
  EXPECT_GE(Clock::now() - begun, std::chrono::milliseconds(950)) << "it has waited for room";
  EXPECT_EQ(Journal().size(), 1u) << "no provider was asked";
  const auto answered = [&](const char* status) {
    return MetricsScrape::Of(port()).Sum("arbstr_http_responses_total",
                                         {{"route", "/v1/chat/completions"}, {"status", status}});
  };
  EXPECT_TRUE(WaitUntil([&] {  // until one has been read before it is reset
    HttpClient leaves = Connect();
    EXPECT_TRUE(leaves.Send(ChatRequest(ChatBody())));
    const bool one_left = answered("499") > 0;
    leaves.Reset();
    return one_left;
  })) << "who left while waiting for room is counted";
  const Response health = Ask(port(), Get("/health"));
  EXPECT_EQ(health.status, 503) << "nothing is served";
  EXPECT_EQ(Json::parse(health.body)["status"], "unhealthy");
  EXPECT_EQ(Json::parse(health.body)["log"], "full");
  EXPECT_TRUE(WaitForLog("the request log is full: requests are refused"));
  // Its connection has ended: that of the scrape and the other client's are left.
  EXPECT_TRUE(WaitUntil([&] { return MetricsScrape::Of(port()).Sum("arbstr_connections") == 2; }));
  const MetricsScrape scrape = MetricsScrape::Of(port());
  EXPECT_EQ(answered("503"), 1) << "who left while waiting for room was told nothing";
  EXPECT_EQ(scrape.Sum("arbstr_log_queue_depth"), capacity);
  EXPECT_EQ(scrape.Sum("arbstr_requests_total"), capacity + 1)
      << "the refused one has no row and is not counted";

  lock.Release();
  std::size_t later = 0;
  for (const auto until = Clock::now() + kPatience; Clock::now() < until && later == 0;) {
    later += Chat().status == 200 ? 1 : 0;
  }
  EXPECT_EQ(later, 1u) << "there is room again";
  StopGateway();
  EXPECT_EQ(ReadRows(database()).size(), capacity + 2) << "every request that was taken has its row";
}

TEST_F(LogFailureTest, QuestionsBeyondThoseThatMayWaitAreToldToComeAgain) {
  Start(R"({})");
  EXPECT_EQ(Chat().status, 200);
  ASSERT_EQ(Rows(1).size(), 1u);
  std::vector<HttpClient> clients;
  for (int i = 0; i < 80; ++i) clients.push_back(Connect());
  ReadLock lock(database());
  ASSERT_TRUE(lock.held());
  for (HttpClient& client : clients) ASSERT_TRUE(client.Send(Get("/v1/requests")));
  WaitForMetric(port(), "arbstr_http_responses_total", {{"route", "/v1/requests"}, {"status", "503"}}, 10);
  lock.Release();
  std::map<std::string, int> codes;
  for (HttpClient& client : clients) {
    const Response response = client.ReadResponse();
    if (response.status == 200) continue;
    const std::string code = Json::parse(response.body, nullptr, false)["error"].value("code", "");
    EXPECT_TRUE(IsOurError(response, 503, code));
    if (code == "log_busy") {
      EXPECT_EQ(response.Header("retry-after"), "1");
    }
    ++codes[code];
  }
  EXPECT_GE(codes["log_busy"], 1);
  codes.erase("log_busy");
  codes.erase("log_unavailable");  // one that waited for the lock in vain
  EXPECT_TRUE(codes.empty());
  EXPECT_EQ(Ask(port(), Get("/v1/requests")).status, 200) << "and now it answers";
}

}  // namespace
}  // namespace integration_tests
