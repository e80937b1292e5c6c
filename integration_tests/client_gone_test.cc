// A client that leaves, at every stage: its upstream connection is freed, its row says 499, no attempt
// follows.
#include <gtest/gtest.h>

#include "integration_tests/gateway_test.h"
#include "integration_tests/loopback_listener.h"

namespace integration_tests {
namespace {

// kTlsGoodbye: TLS's own word for it, with the socket left open.
enum class Way { kFin, kReset, kTlsFin, kTlsReset, kTlsGoodbye };

class ClientGoneTest : public GatewayTest, public ::testing::WithParamInterface<Way> {
 protected:
  void SetUp() override {
    GatewayTest::SetUp();
    if (GetParam() >= Way::kTlsFin) UseTls();
  }

  void Leave(HttpClient& client) {
    switch (GetParam()) {
      case Way::kFin:
      case Way::kTlsFin:
        return client.Close();
      case Way::kReset:
      case Way::kTlsReset:
        return client.Reset();
      case Way::kTlsGoodbye:
        return client.tls()->SendCloseNotify();
    }
  }

  // The row of a request whose client left, once it is there.
  Row RowOfGone() {
    const auto rows = Rows(1);
    EXPECT_EQ(rows.size(), 1u);
    const Row row = rows.empty() ? Row() : rows[0];
    EXPECT_EQ(row.error_status, 499);
    EXPECT_EQ(row.success, 0);
    return row;
  }

  void LeaveOnceAsked(const std::string& members = "") {
    HttpClient client = Connect();
    ASSERT_TRUE(client.Send(ChatRequest(ChatBody("gpt-4o", members))));
    ASSERT_TRUE(WaitForJournal([](const auto& entries) { return entries.size() == 1; }));
    Leave(client);
    EXPECT_TRUE(WaitForJournal([](const auto& entries) {
      return entries[0].closed_by == mock_provider::ClosedBy::kClient;
    })) << "the upstream connection must be freed";
  }
};

std::string NameOf(const ::testing::TestParamInfo<Way>& way) {
  const char* const names[] = {"Fin", "Reset", "TlsFin", "TlsReset", "TlsGoodbye"};
  return names[static_cast<int>(way.param)];
}

INSTANTIATE_TEST_SUITE_P(By, ClientGoneTest,
                         ::testing::Values(Way::kFin, Way::kReset, Way::kTlsFin, Way::kTlsReset,
                                           Way::kTlsGoodbye),
                         NameOf);

TEST_P(ClientGoneTest, InsideItsHeadOrBodyLeavesNoRowAndAsksNobody) {
  Start(R"({})");
  const std::string request = ChatRequest(ChatBody());
  for (const std::size_t sent :
       {std::size_t{1}, request.find("\r\n\r\n"), request.size() - 5, request.size() - 1}) {
    HttpClient client = Connect();
    ASSERT_TRUE(client.Send(request.substr(0, sent)));
    Leave(client);
  }
  EXPECT_EQ(Chat().status, 200);
  EXPECT_EQ(Journal().size(), 1u);
  EXPECT_EQ(OnlyRow().success, 1);
}

TEST_P(ClientGoneTest, WhileTheProviderIsSilent) {
  Start(R"({"rules":[{"script":[{"hang":{"at":"before_headers"}}]}]})");
  LeaveOnceAsked();
  const Row row = RowOfGone();
  EXPECT_EQ(row.attempts, 1);
  EXPECT_EQ(row.provider, "mock");
  EXPECT_FALSE(row.retries) << "a client's leaving is no failure of the provider";
}

TEST_P(ClientGoneTest, BehindMoreRequestsThanAreReadAhead) {
  Start(R"({"rules":[{"script":[{"hang":{"at":"before_headers"}}]}]})");
  HttpClient client = Connect();
  ASSERT_TRUE(client.Send(ChatRequest(ChatBody())));
  ASSERT_TRUE(WaitForJournal([](const auto& entries) { return entries.size() == 1; }));
  const std::string next = ChatRequest(ChatBody("gpt-4o", ",\"x\":\"" + std::string(100'000, 'x') + "\""));
  ASSERT_TRUE(client.Send(next));
  Leave(client);
  client.Close();  // a goodbye is behind what is not read
  EXPECT_TRUE(WaitForJournal(
      [](const auto& entries) { return entries[0].closed_by == mock_provider::ClosedBy::kClient; }));
  RowOfGone();
  EXPECT_EQ(Journal().size(), 1u);
}

TEST_P(ClientGoneTest, WhileTheProvidersBodyIsRead) {
  Start(R"({"rules":[{"script":[{"hang":{"at":"mid_body"}}]}]})");
  LeaveOnceAsked();
  RowOfGone();
}

TEST_P(ClientGoneTest, DuringABackoffNoAttemptFollows) {
  Start(R"({"providers":[{"name":"alpha","rules":[{"script":[{"error":503}]}]},{"name":"beta"}]})",
        {.retry = "backoff_ms = [20000]\n", .more = "[logging]\nlevel = \"debug\"\n"});
  HttpClient client = Connect();
  ASSERT_TRUE(client.Send(ChatRequest(ChatBody())));
  ASSERT_TRUE(WaitForLog("attempt 1 provider=alpha status=503 next=attempt"));
  Leave(client);
  const Row row = RowOfGone();
  EXPECT_EQ(row.attempts, 1);
  EXPECT_EQ(row.retries, "1/alpha");
  EXPECT_EQ(Journal().size(), 1u);
}

TEST_P(ClientGoneTest, DuringAConnect) {
  // A listener whose backlog is full takes no more connections: a connect to it stays under way.
  const LoopbackListener full(0);
  std::vector<HttpClient> fillers;
  for (int i = 0; i < 2; ++i) fillers.emplace_back(full.port(), HttpClient::Wait::kNo);

  StartGatewayWith(ServerToml("threads = 1\n") +
                   "[retry]\nconnect_timeout_ms = 20000\n[[providers]]\nname = \"full\"\nurl = \"" +
                   full.url() + "\"\n");
  HttpClient client = Connect();
  ASSERT_TRUE(client.Send(ChatRequest(ChatBody())));
  HttpClient other = Connect();  // by the same loop: its answer shows the first request taken up
  ASSERT_TRUE(other.Send(Get("/health")));
  EXPECT_EQ(other.ReadResponse().status, 200);
  Leave(client);
  const Row row = RowOfGone();
  EXPECT_EQ(row.attempts, 1);
}

TEST_P(ClientGoneTest, InsideAStream) {
  Start(R"({"rules":[{"script":[{"frames":{"at":[{"frame":2,"stall_ms":3600000}]}}]}]})");
  HttpClient client = Connect();
  ASSERT_TRUE(client.Send(ChatRequest(ChatBody("gpt-4o", R"(,"stream":true)"))));
  EXPECT_NE(client.ReadUntil("\"content\""), "");
  Leave(client);
  EXPECT_TRUE(WaitForJournal(
      [](const auto& entries) { return entries[0].closed_by == mock_provider::ClosedBy::kClient; }));
  const Row row = RowOfGone();
  EXPECT_EQ(row.streaming, 1);
  EXPECT_TRUE(row.stream_duration_ms);
}

TEST_P(ClientGoneTest, BeforeAStreamsFirstEvent) {
  Start(R"({"rules":[{"script":[{"hang":{"at":"after_headers"}}]}]})");
  LeaveOnceAsked(R"(,"stream":true)");
  RowOfGone();
}

}  // namespace
}  // namespace integration_tests
