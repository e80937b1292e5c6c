// What an integration test starts with: mock providers in this process, the gateway as a process of its own,
// and at the end of each test the promises that hold whatever it was about: a clean exit, no complaint of a
// sanitizer, and one row for each chat request that the gateway's log tells of, no more and no fewer.
#ifndef ARBSTR_INTEGRATION_TESTS_GATEWAY_TEST_H_
#define ARBSTR_INTEGRATION_TESTS_GATEWAY_TEST_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "integration_tests/child_process.h"
#include "integration_tests/http_client.h"
#include "integration_tests/log_rows.h"
#include "mock_provider/http/certificate_authority.h"
#include "mock_provider/mock_provider.h"

namespace integration_tests {

// TOML that a test adds to the configuration, a section each. Backoffs are short and without jitter unless it
// says otherwise.
struct Settings {
  std::string server = "";
  std::string database = "";
  std::string retry = "";
  std::string provider = "";  // to each provider's section
  std::string more = "";      // whole sections
};

class GatewayTest : public ::testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  // Mock providers from a scenario. The first is the cheapest, 10,000 sats a million input tokens, 30,000
  // output and a base fee of 1; the n-th costs n times that.
  void StartMocks(const std::string& scenario_json);
  // Before StartGateway: it speaks TLS then, and so do Connect, Chat and Stream.
  void UseTls();
  // The gateway before them, with each provider's key being KeyOf(name).
  void StartGateway(const Settings& settings = {});
  void Start(const std::string& scenario_json, const Settings& settings = {}) {
    StartMocks(scenario_json);
    StartGateway(settings);
  }
  // Variables that the gateway finds besides the test's own; before it is started.
  void SetEnvironment(std::vector<std::pair<std::string, std::string>> variables) {
    environment_ = std::move(variables);
  }
  // The gateway on a configuration of the test's own. One that runs already is ended before.
  void StartGatewayWith(const std::string& toml);
  // What such a configuration begins with: [server], on a free port, and [database], which what comes behind
  // it adds to. `server`: lines of [server].
  std::string ServerToml(const std::string& server = "") const;

  // For the rounds of a loop: ends the gateway, with all that the end of a test expects, and begins anew.
  void StartOver();

  static std::string KeyOf(const std::string& provider) { return "sk-key-of-" + provider + "-0123456789"; }

  // A chat request on a connection of its own. The plain form asks `model`; `members` are further members of
  // the body, each with a comma before it.
  Response Chat(const std::string& model = "gpt-4o", const std::string& members = "",
                const Fields& fields = {});
  Response Stream(const std::string& model = "gpt-4o", const std::string& members = "",
                  const Fields& fields = {});
  static std::string ChatBody(const std::string& model = "gpt-4o", const std::string& members = "");

  HttpClient Connect() { return tls_ ? HttpClient(port_, *tls_) : HttpClient(port_); }

  // Rows, once there are `count` of them.
  std::vector<Row> Rows(std::size_t count) { return WaitForRows(database_, count); }
  // The only row there is.
  Row OnlyRow();

  // The journal of all mocks, as it is now.
  std::vector<mock_provider::JournalEntry> Journal();
  // False: `predicate` did not hold of it in time.
  [[nodiscard]] bool WaitForJournal(
      const std::function<bool(const std::vector<mock_provider::JournalEntry>&)>& predicate);
  // How many requests that provider got.
  std::size_t Asked(const std::string& provider);

  // Waits until the gateway's own log has `text`; what the log says is not promised, but tells where a
  // request is.
  [[nodiscard]] bool WaitForLog(const std::string& text);

  // SIGTERM, and its exit status 0 required.
  void StopGateway();
  // Of a gateway that does not end with 0, with which it has to have ended by the end of the test, or before
  // it is started again. A signal that ended it: 128 + its number.
  void ExpectExitStatus(int status) { exit_status_ = status; }
  // For a test that changes the rows itself, kills the gateway, or has no line of a request logged.
  void RowsMayDiffer() { rows_may_differ_ = true; }

  // The files of the certificate and the key; UseTls wrote them, and a test may write others.
  std::string CertificateFile() const { return directory_ + "/cert.pem"; }
  std::string KeyFile() const { return directory_ + "/key.pem"; }
  // Another certificate of the same authority with its key, into those files; the certificate.
  std::string WriteNewIdentity();
  // Of [server]; empty without UseTls.
  std::string TlsLines() const;
  const TlsLayer::Options& tls() const { return *tls_; }

  mock_provider::MockProvider& mocks() { return *mocks_; }
  ChildProcess& gateway() { return *gateway_; }
  std::uint16_t port() const { return port_; }
  const std::string& directory() const { return directory_; }
  const std::string& database() const { return database_; }

 private:
  void EndGateway();
  void Finish();
  void ExpectARowForEachLine(const std::string& log) const;

  std::vector<std::pair<std::string, std::string>> environment_;
  std::string directory_;
  std::string database_;
  std::unique_ptr<mock_provider::MockProvider> mocks_;
  std::unique_ptr<ChildProcess> gateway_;
  std::uint16_t port_ = 0;
  bool rows_may_differ_ = false;
  int exit_status_ = 0;
  std::optional<mock_provider::CertificateAuthority> authority_;
  std::optional<TlsLayer::Options> tls_;  // what a client of the gateway has to know; absent: it is plain
};

// Whether `body` is {"error":{"message","type","param","code"}} with a message and nothing else.
::testing::AssertionResult IsOurError(const Response& response, int status, const std::string& code);

// The port of a line that ends with a URL or an address.
std::uint16_t PortIn(const std::string& line);

// The path of a program of this workspace, as in "proxy/arbstr".
std::string ProgramPath(const std::string& name);

}  // namespace integration_tests

#endif  // ARBSTR_INTEGRATION_TESTS_GATEWAY_TEST_H_
