// The end of the gateway: in-flight requests are finished or cut, every row is written, the exit status says
// how it went.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <thread>

#include "integration_tests/gateway_test.h"
#include "integration_tests/wait_until.h"

namespace integration_tests {
namespace {

class DrainTest : public GatewayTest {
 protected:
  // A client whose request a provider has, the provider's clock being frozen: it answers when the clock
  // moves.
  HttpClient InFlight(const std::string& members = "") {
    HttpClient client = Connect();
    EXPECT_TRUE(client.Send(ChatRequest(ChatBody("gpt-4o", members))));
    EXPECT_TRUE(WaitForJournal([](const auto& entries) { return !entries.empty(); }));
    return client;
  }
  // The gateway stands; more clients connect, all ask, and only then the signal comes.
  void ExpectAllAnsweredAtTheSignal(std::vector<HttpClient>& clients, std::size_t more) {
    gateway().Signal(SIGSTOP);
    for (std::size_t i = 0; i < more; ++i) clients.push_back(Connect());
    for (HttpClient& client : clients) ASSERT_TRUE(client.Send(ChatRequest(ChatBody())));
    gateway().Signal(SIGTERM);
    gateway().Signal(SIGCONT);
    for (HttpClient& client : clients) {
      const Response response = client.ReadResponse();
      EXPECT_TRUE(response.status == 200 || IsOurError(response, 503, "draining"));
      EXPECT_TRUE(response.complete);
    }
    EXPECT_EQ(gateway().WaitForExit(), 0);
  }
};

constexpr const char* kSlow = R"({"rules":[{"script":[{"delay_ms":60000}]}]})";

TEST_F(DrainTest, FinishesWhatIsInFlightAndRefusesWhatComesLater) {
  Start(kSlow, {.server = "drain_timeout_ms = 25000\n"});
  mocks().FreezeClock();
  HttpClient idle = Connect();
  HttpClient client = InFlight();
  gateway().Signal(SIGTERM);
  ASSERT_TRUE(WaitForLog("draining"));
  EXPECT_EQ(idle.ReadToEnd(), "") << "an idle connection is closed at once";
  EXPECT_TRUE(WaitUntil([&] { return !Connect().connected(); }))
      << "nothing new is accepted, by any of its threads";
  mocks().AdvanceClock(std::chrono::milliseconds(60'000));
  const Response response = client.ReadResponse();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.Header("connection"), "close");
  EXPECT_EQ(gateway().WaitForExit(), 0);
  const auto rows = ReadRows(database());
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].success, 1);
}

TEST_F(DrainTest, WhatDoesNotEndInTimeIsCutAndHasItsRow) {
  Start(kSlow, {.server = "drain_timeout_ms = 100\n"});
  mocks().FreezeClock();
  HttpClient client = InFlight();
  gateway().Signal(SIGINT);
  EXPECT_TRUE(IsOurError(client.ReadResponse(), 503, "draining"));
  EXPECT_EQ(gateway().WaitForExit(), 0);
  const auto rows = ReadRows(database());
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].error_status, 503);
}

TEST_F(DrainTest, AStreamThatDoesNotEndInTimeEndsHonestly) {
  Start(R"({"rules":[{"script":[{"frames":{"at":[{"frame":2,"stall_ms":3600000}]}}]}]})",
        {.server = "drain_timeout_ms = 100\n"});
  HttpClient client = InFlight(R"(,"stream":true)");
  gateway().Signal(SIGTERM);
  const Response response = client.ReadResponse();
  EXPECT_FALSE(response.complete);
  EXPECT_NE(response.body.find("stream_interrupted"), std::string::npos) << response.body;
  EXPECT_EQ(gateway().WaitForExit(), 0);
  EXPECT_EQ(ReadRows(database()).size(), 1u);
}

TEST_F(DrainTest, ASecondSignalEndsItAtOnce) {
  Start(kSlow, {.server = "drain_timeout_ms = 25000\n"});
  mocks().FreezeClock();
  HttpClient client = InFlight();
  gateway().Signal(SIGTERM);
  ASSERT_TRUE(WaitForLog("draining"));
  gateway().Signal(SIGTERM);
  const auto exit = gateway().WaitForExit();
  ASSERT_TRUE(exit);
  EXPECT_NE(*exit, 0);
  ExpectExitStatus(*exit);
}

// What still waits when the loops have stopped is never freed, which a sanitizer's build makes an exit
// status.
TEST_F(DrainTest, HalfARequestDoesNotHoldItUp) {
  for (const std::string half :
       {"POST /v1/chat/completions HTTP/1.1\r\nHos",
        "POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\ncontent-type: application/json\r\n"
        "transfer-encoding: chunked\r\n\r\n5\r\n{\"mod"}) {
    Start(R"({})", {.server = "threads = 1\ndrain_timeout_ms = 50\n"});
    HttpClient client = Connect();
    ASSERT_TRUE(client.Send(half));
    HttpClient other = Connect();  // by the same loop: its answer shows the half taken up
    ASSERT_TRUE(other.Send(Get("/health")));
    EXPECT_EQ(other.ReadResponse().status, 200);
    gateway().Signal(SIGTERM);
    EXPECT_EQ(client.ReadToEnd(), "");
    EXPECT_EQ(gateway().WaitForExit(), 0);
  }
}

TEST_F(DrainTest, ARequestThatIsCompleteOnlyWhileDrainingIsRefusedAndHasItsRow) {
  Start(R"({})", {.server = "threads = 1\ndrain_timeout_ms = 25000\n"});
  HttpClient client = Connect();
  const std::string request = ChatRequest(ChatBody());
  ASSERT_TRUE(client.Send(request.substr(0, request.size() - 1)));
  HttpClient other = Connect();  // by the same loop: its answer shows the head taken up
  ASSERT_TRUE(other.Send(Get("/health")));
  EXPECT_EQ(other.ReadResponse().status, 200);
  gateway().Signal(SIGTERM);
  ASSERT_TRUE(WaitForLog("draining"));
  EXPECT_EQ(other.ReadToEnd(), "") << "it drains from here on";
  ASSERT_TRUE(client.Send(request.substr(request.size() - 1)));
  EXPECT_TRUE(IsOurError(client.ReadResponse(), 503, "draining"));
  EXPECT_EQ(gateway().WaitForExit(), 0);
  EXPECT_EQ(Journal().size(), 0u);
  const auto rows = ReadRows(database());
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].error_status, 503);
  EXPECT_EQ(rows[0].attempts, 0);
  EXPECT_FALSE(rows[0].provider);
}

// What waits to be accepted, or to be read, when the signal comes is answered as well: a reset could mean
// anything.
TEST_F(DrainTest, RequestsThatNobodyHasReadYetAreAnswered) {
  Start(R"({})", {.server = "drain_timeout_ms = 25000\n"});
  constexpr std::size_t kEach = 100;
  std::vector<HttpClient> clients;
  for (std::size_t i = 0; i < kEach; ++i) {
    clients.push_back(Connect());
    ASSERT_TRUE(clients.back().Send(Get("/health")));
    ASSERT_EQ(clients.back().ReadResponse().status, 200);
  }
  ExpectAllAnsweredAtTheSignal(clients, kEach);
  EXPECT_EQ(ReadRows(database()).size(), 2 * kEach);
}

// Nobody is connected when the signal comes: those who are in the queue are waited for all the same.
TEST_F(DrainTest, WhoWaitsToBeAcceptedIsAnsweredWhereNobodyElseIs) {
  for (int round = 0; round < 5; ++round) {
    Start(R"({})", {.server = "drain_timeout_ms = 25000\n"});
    std::vector<HttpClient> clients;
    ExpectAllAnsweredAtTheSignal(clients, 20);
  }
}

// Its lines are lost, not its end: a supervisor that reads them no more still gets the exit status.
TEST_F(DrainTest, AStderrThatNobodyReadsDoesNotHoldItUp) {
  StartMocks(R"({})");
  const std::string pipe = directory() + "/pipe", file = directory() + "/c.toml";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const int unread = ::open(pipe.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_GE(unread, 0);
  ASSERT_GT(::fcntl(unread, F_SETPIPE_SZ, 4096), 0);
  std::ofstream(file) << ServerToml() + "[[providers]]\nname = \"mock\"\nurl = \"" + mocks().Urls()[0].url +
                             "\"\n";
  ChildProcess gateway(
      {.program = "/bin/sh",
       .arguments = {"-c", "exec \"$0\" serve -c \"$1\" 2>\"$2\"", ProgramPath("proxy/arbstr"), file, pipe},
       .directory = directory()});
  const auto line = gateway.ReadLine();
  ASSERT_TRUE(line);
  HttpClient client(PortIn(*line));
  constexpr std::size_t kRequests = 100;  // a line each, more than the pipe holds
  for (std::size_t i = 0; i < kRequests; ++i) {
    ASSERT_TRUE(client.Send(ChatRequest(ChatBody())));
    ASSERT_EQ(client.ReadResponse().status, 200);
  }
  gateway.Signal(SIGTERM);
  EXPECT_EQ(gateway.WaitForExit(), 0);
  EXPECT_EQ(ReadRows(database()).size(), kRequests);
  ::close(unread);
}

TEST_F(DrainTest, UnderLoadEveryAnswerHasItsRow) {
  Start(R"({})");
  std::atomic<int> answered{0};
  std::atomic<bool> stop{false};
  std::vector<std::thread> clients;
  for (int c = 0; c < 8; ++c) {
    clients.emplace_back([&] {
      while (!stop) {
        HttpClient client = Connect();
        while (!stop && client.Send(ChatRequest(ChatBody()))) {
          const Response response = client.ReadResponse();
          if (response.status != 200 || !response.complete) break;
          ++answered;
        }
      }
    });
  }
  EXPECT_TRUE(WaitUntil([&] { return answered >= 200; }));
  gateway().Signal(SIGTERM);
  EXPECT_EQ(gateway().WaitForExit(), 0);
  stop = true;
  for (auto& client : clients) client.join();
  const auto rows = ReadRows(database());
  int successes = 0;
  for (const Row& row : rows) successes += static_cast<int>(row.success);
  EXPECT_GE(successes, answered);
  EXPECT_LE(successes, answered + 8) << "an answer may be on its way when its client stops reading";
}

}  // namespace
}  // namespace integration_tests
