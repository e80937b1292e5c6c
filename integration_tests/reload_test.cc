// SIGHUP: another configuration for requests that begin after it, and nothing lost for those under way.
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "integration_tests/gateway_test.h"
#include "integration_tests/metrics_scrape.h"
#include "integration_tests/wait_until.h"

namespace integration_tests {
namespace {

class ReloadTest : public GatewayTest {
 protected:
  // A configuration whose providers are those of the mocks that have these names.
  std::string Toml(const std::vector<std::string>& names, const std::string& server = "",
                   const std::string& more = "") {
    std::string toml = ServerToml(server) + "[retry]\nmax_retries = 0\n" + more;
    for (const auto& name : names) {
      toml += "[[providers]]\nname = \"" + name + "\"\nurl = \"" + mocks().Url(name) + "/v1\"\napi_key = \"" +
              KeyOf(name) + "\"\n";
    }
    return toml;
  }
  void Write(const std::string& toml) { std::ofstream(directory() + "/config.toml") << toml; }
  std::size_t Said(const std::string& text) {
    const std::string log = gateway().StderrText();
    std::size_t count = 0;
    for (auto at = log.find(text); at != log.npos; at = log.find(text, at + 1)) ++count;
    return count;
  }
  // False: its end was not said in time.
  [[nodiscard]] bool Reload(const std::string& toml, const std::string& end = "was reloaded") {
    const std::size_t before = Said(end);
    Write(toml);
    gateway().Signal(SIGHUP);
    return WaitUntil([&] { return Said(end) > before; });
  }
  std::string AnsweredBy(HttpClient& client) {
    if (!client.Send(ChatRequest(ChatBody()))) return "nobody";
    const Response response = client.ReadResponse();
    return response.status == 200 ? response.Header("x-arbstr-provider") : std::to_string(response.status);
  }
  std::string AnsweredBy() {
    HttpClient client = Connect();
    return AnsweredBy(client);
  }
};

constexpr const char* kTwo = R"({"providers":[{"name":"alpha"},{"name":"beta"}]})";

TEST_F(ReloadTest, RequestsThatBeginAfterItGoToTheNewProviders) {
  StartMocks(kTwo);
  StartGatewayWith(Toml({"alpha"}));
  HttpClient client = Connect();
  EXPECT_EQ(AnsweredBy(client), "alpha");
  ASSERT_TRUE(Reload(Toml({"beta"})));
  EXPECT_EQ(AnsweredBy(client), "beta") << "on a connection from before it, too";
  ASSERT_TRUE(client.Send(Get("/providers")));
  const std::string shown = client.ReadResponse().body;
  EXPECT_NE(shown.find("\"beta\""), std::string::npos) << shown;
  EXPECT_EQ(shown.find("\"alpha\""), std::string::npos) << shown;
}

TEST_F(ReloadTest, CountersOfAProviderOutliveItAndGoOnWhenItComesBack) {
  StartMocks(kTwo);
  StartGatewayWith(Toml({"alpha"}));
  const auto requests = [](const MetricsScrape& scrape, const char* provider) {
    return scrape.Sum("arbstr_requests_total", {{"provider", provider}});
  };
  EXPECT_EQ(AnsweredBy(), "alpha");
  ASSERT_TRUE(Reload(Toml({"beta"})));
  EXPECT_EQ(AnsweredBy(), "beta");
  const MetricsScrape without = MetricsScrape::Of(port());
  EXPECT_EQ(requests(without, "alpha"), 1);
  EXPECT_EQ(requests(without, "beta"), 1);
  EXPECT_EQ(without.Values("arbstr_breaker_state", "provider"), std::set<std::string>{"beta"});
  ASSERT_TRUE(Reload(Toml({"alpha", "beta"})));
  EXPECT_EQ(AnsweredBy(), "alpha");
  EXPECT_EQ(requests(MetricsScrape::Of(port()), "alpha"), 2);
}

TEST_F(ReloadTest, ARequestInFlightEndsAsItBegan) {
  StartMocks(R"({"providers":[{"name":"alpha","rules":[{"script":[{"delay_ms":60000}]}]},{"name":"beta"}]})");
  mocks().FreezeClock();
  StartGatewayWith(Toml({"alpha"}));
  HttpClient client = Connect();
  ASSERT_TRUE(client.Send(ChatRequest(ChatBody())));
  ASSERT_TRUE(WaitForJournal([](const auto& entries) { return entries.size() == 1; }));
  ASSERT_TRUE(Reload(Toml({"beta"})));
  EXPECT_EQ(AnsweredBy(), "beta");
  mocks().AdvanceClock(std::chrono::milliseconds(60'000));
  const Response response = client.ReadResponse();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.Header("x-arbstr-provider"), "alpha");
  EXPECT_EQ(Rows(2).size(), 2u);
}

TEST_F(ReloadTest, UnderLoadNoRequestFailsAndEveryAnswerIsItsRow) {
  StartMocks(kTwo);
  StartGatewayWith(Toml({"alpha"}));
  std::mutex mutex;
  std::map<std::string, std::string> provider_of;  // by request id
  std::atomic<bool> stop{false};
  std::atomic<int> failed{0};
  std::vector<std::thread> clients;
  for (int c = 0; c < 6; ++c) {
    clients.emplace_back([&, streams = c % 2 == 1] {
      HttpClient client = Connect();
      while (!stop) {
        (void)client.Send(ChatRequest(ChatBody("gpt-4o", streams ? ",\"stream\":true" : "")));
        const Response response = client.ReadResponse();
        if (response.status != 200 || !response.complete) {
          ++failed;
          break;
        }
        const std::lock_guard lock(mutex);
        provider_of[response.Header("x-arbstr-request-id")] = response.Header("x-arbstr-provider");
      }
    });
  }
  for (int swap = 0; swap < 20; ++swap) {
    EXPECT_TRUE(Reload(Toml({swap % 2 == 0 ? "beta" : "alpha"})));
    EXPECT_EQ(AnsweredBy(), swap % 2 == 0 ? "beta" : "alpha");
  }
  stop = true;
  for (auto& client : clients) client.join();
  EXPECT_EQ(failed, 0);
  StopGateway();
  const auto rows = ReadRows(database());
  EXPECT_EQ(rows.size(), provider_of.size() + 20);
  std::map<std::string, int> by_provider;
  for (const Row& row : rows) {
    EXPECT_EQ(row.success, 1);
    ++by_provider[row.provider.value_or("")];
    const auto found = provider_of.find(row.correlation_id);
    if (found != provider_of.end()) {
      EXPECT_EQ(row.provider, found->second);
    }
  }
  EXPECT_GT(by_provider["alpha"], 10);
  EXPECT_GT(by_provider["beta"], 10);
}

TEST_F(ReloadTest, AWrongFileChangesNothingAndEachOfItsMistakesIsALine) {
  StartMocks(kTwo);
  StartGatewayWith(Toml({"alpha"}));
  ASSERT_TRUE(Reload(Toml({"beta"}, "threads = -1\nnonsense = 2\n"), "was not reloaded"));
  const std::string log = gateway().StderrText();
  EXPECT_NE(log.find("config.toml:3:11: server.threads: "), std::string::npos) << log;
  EXPECT_NE(log.find("config.toml:4:1: server.nonsense: "), std::string::npos) << log;
  EXPECT_EQ(AnsweredBy(), "alpha");
  ASSERT_TRUE(Reload(Toml({"beta"}) + "tls_ca_file = \"/no/such\"\n[[providers]]\nname = \"tls\"\nurl = "
                                      "\"https://127.0.0.1/\"\ntls_ca_file = \"/no/such/ca.pem\"\n",
                     "was not reloaded"));
  EXPECT_NE(gateway().StderrText().find("/no/such/ca.pem"), std::string::npos);
  EXPECT_EQ(AnsweredBy(), "alpha");
  ASSERT_TRUE(Reload(Toml({"beta"})));
  EXPECT_EQ(AnsweredBy(), "beta") << "a good one is taken after a wrong one";
}

TEST_F(ReloadTest, WhatOnlyARestartChangesIsSaidAndTheRestIsTaken) {
  StartMocks(kTwo);
  StartGatewayWith(Toml({"alpha"}));
  ASSERT_TRUE(Reload(Toml({"beta"}, "threads = 7\nauth_token = \"another-token\"\n")));
  EXPECT_TRUE(WaitForLog("server.threads has changed: it takes effect at a restart"));
  EXPECT_TRUE(WaitForLog("server.auth_token has changed"));
  EXPECT_EQ(gateway().StderrText().find("another-token"), std::string::npos);
  EXPECT_EQ(AnsweredBy(), "beta");
}

TEST_F(ReloadTest, WhatIsKnownOfAProviderThatStaysIsKept) {
  StartMocks(R"({"providers":[{"name":"alpha","rules":[{"script":[{"error":503}]}]},{"name":"beta"}]})");
  const std::string breaker = "fallbacks = 0\n[circuit_breaker]\nfailures = 1\nopen_ms = 600000\n";
  StartGatewayWith(Toml({"alpha"}, "", breaker));
  EXPECT_EQ(AnsweredBy(), "503");
  ASSERT_TRUE(Reload(Toml({"beta", "alpha"}, "", breaker)));
  const auto health = nlohmann::json::parse(Ask(port(), Get("/health")).body);
  EXPECT_EQ(health["providers"][0]["breaker"], "closed");
  EXPECT_EQ(health["providers"][1]["name"], "alpha");
  EXPECT_EQ(health["providers"][1]["breaker"], "open");
}

TEST_F(ReloadTest, ANewCertificateIsShownToNewConnectionsAndOldOnesGoOn) {
  StartMocks(kTwo);
  UseTls();
  StartGatewayWith(Toml({"alpha"}));
  HttpClient old = Connect();
  ASSERT_TRUE(old.connected());
  const std::string first = old.tls()->PeerCertificate();
  const std::string second = WriteNewIdentity();
  ASSERT_TRUE(Reload(Toml({"alpha"})));
  HttpClient fresh = Connect();
  ASSERT_TRUE(fresh.connected());
  EXPECT_EQ(fresh.tls()->PeerCertificate(), second);
  EXPECT_NE(first, second);
  EXPECT_EQ(AnsweredBy(old), "alpha");
  EXPECT_EQ(AnsweredBy(fresh), "alpha");
  std::ofstream(CertificateFile()) << first;  // whose key is gone
  ASSERT_TRUE(Reload(Toml({"alpha"}), "was not reloaded"));
  EXPECT_TRUE(WaitForLog("server.tls_key: "));
  HttpClient another = Connect();
  ASSERT_TRUE(another.connected());
  EXPECT_EQ(another.tls()->PeerCertificate(), second);
}

TEST_F(ReloadTest, WithoutACertificateTheOneLoadedLastStays) {
  StartMocks(kTwo);
  UseTls();
  StartGatewayWith(Toml({"alpha"}));
  const std::string second = WriteNewIdentity();
  std::filesystem::rename(CertificateFile(), directory() + "/second.pem");
  std::filesystem::rename(KeyFile(), directory() + "/second-key.pem");
  std::string toml = Toml({"beta"});
  const auto tls = toml.find(TlsLines());
  ASSERT_NE(tls, std::string::npos);
  toml.replace(tls, TlsLines().size(), "tls_certificate = \"second.pem\"\ntls_key = \"second-key.pem\"\n");
  ASSERT_TRUE(Reload(toml));
  std::string plain = Toml({"alpha"});
  ASSERT_TRUE(Reload(plain.erase(plain.find(TlsLines()), TlsLines().size())));
  EXPECT_TRUE(WaitForLog("server.tls_certificate has changed: it takes effect at a restart"));
  HttpClient client = Connect();
  ASSERT_TRUE(client.connected());
  EXPECT_EQ(client.tls()->PeerCertificate(), second) << "and the file of the start is not read again";
  EXPECT_EQ(AnsweredBy(client), "alpha");
}

TEST_F(ReloadTest, WithoutAFileThereIsNothingToRead) {
  ChildProcess mocked({.program = ProgramPath("proxy/serve"),
                       .arguments = {"--mock", "--listen", "127.0.0.1:0"},
                       .directory = directory()});
  const auto line = mocked.ReadLine();
  ASSERT_TRUE(line);
  mocked.Signal(SIGHUP);
  HttpClient client(PortIn(*line));
  EXPECT_EQ(AnsweredBy(client), "mock-alpha");
  mocked.Signal(SIGTERM);
  EXPECT_EQ(mocked.WaitForExit(), 0);
  EXPECT_NE(mocked.StderrText().find("SIGHUP is ignored"), std::string::npos) << mocked.StderrText();
}

TEST_F(ReloadTest, WhileItDrainsThereIsNoReload) {
  StartMocks(R"({"rules":[{"script":[{"delay_ms":60000}]}]})");
  mocks().FreezeClock();
  StartGatewayWith(Toml({"mock"}));
  HttpClient client = Connect();
  ASSERT_TRUE(client.Send(ChatRequest(ChatBody())));
  ASSERT_TRUE(WaitForJournal([](const auto& entries) { return entries.size() == 1; }));
  gateway().Signal(SIGTERM);
  ASSERT_TRUE(WaitForLog("draining"));
  gateway().Signal(SIGHUP);
  mocks().AdvanceClock(std::chrono::milliseconds(60'000));
  EXPECT_EQ(client.ReadResponse().status, 200);
  EXPECT_EQ(gateway().WaitForExit(), 0);
  EXPECT_EQ(Said("was reloaded"), 0u);
}

}  // namespace
}  // namespace integration_tests
