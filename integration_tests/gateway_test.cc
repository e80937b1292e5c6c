#include "integration_tests/gateway_test.h"

#include <stdlib.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "integration_tests/wait_until.h"
#include "tools/cpp/runfiles/runfiles.h"

namespace integration_tests {
namespace {

using Json = nlohmann::json;
using bazel::tools::cpp::runfiles::Runfiles;

std::string ProviderSection(const mock_provider::MockProvider::ProviderUrl& provider, std::size_t rank,
                            const std::string& key, const std::string& more) {
  const std::string times = std::to_string(rank);
  return "[[providers]]\nname = \"" + provider.name + "\"\nurl = \"" + provider.url + "/v1\"\napi_key = \"" +
         key + "\"\ninput_rate = " + times + "0000\noutput_rate = " + std::to_string(3 * rank) +
         "0000\nbase_fee = " + times + "\n" + more + "\n";
}

// What follows `name` in a line of the log, up to the character `end`; empty where it has no such member.
std::string MemberOf(const std::string& line, const std::string& name, char end) {
  const std::size_t at = line.find(name);
  if (at == std::string::npos) return "";
  const std::size_t begin = at + name.size();
  return line.substr(begin, line.find(end, begin) - begin);
}

// The ids of the chat requests that a log in either format tells of: those whose model was read. A request
// that is refused before that has no row.
std::vector<std::string> ChatRequestsIn(const std::string& log) {
  std::vector<std::string> ids;
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    const bool json = line.starts_with("{");
    const bool chat = line.find(json ? "\"route\":\"/v1/chat/completions\""
                                     : " route=/v1/chat/completions ") != std::string::npos;
    if (!chat || line.find(json ? "\"model\":" : " model=") == std::string::npos) continue;
    ids.push_back(json ? MemberOf(line, "\"id\":\"", '"') : MemberOf(line, " request id=", ' '));
  }
  return ids;
}

// A setting of the test replaces the default of the same key.
std::string WithDefault(const std::string& section, const std::string& key, const std::string& value) {
  return section.find(key + " ") != std::string::npos ? "" : key + " = " + value + "\n";
}

}  // namespace

std::string ProgramPath(const std::string& name) {
  std::string error;
  const std::unique_ptr<Runfiles> runfiles(Runfiles::CreateForTest(&error));
  if (!runfiles) {
    ADD_FAILURE() << error;
    return "";
  }
  return runfiles->Rlocation("arbstr/" + name);
}

std::uint16_t PortIn(const std::string& line) {
  return static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
}

void GatewayTest::SetUp() {
  std::string pattern = ::testing::TempDir() + "/gatewayXXXXXX";
  ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
  directory_ = pattern;
  database_ = directory_ + "/arbstr.db";
}

void GatewayTest::TearDown() { Finish(); }

void GatewayTest::StartOver() {
  Finish();
  GatewayTest::SetUp();
}

void GatewayTest::EndGateway() {
  if (const auto status = gateway_->WaitForExit(std::chrono::milliseconds(0))) {
    EXPECT_EQ(*status, exit_status_) << "the gateway ended by itself: " << gateway_->StderrText();
  } else {
    StopGateway();
  }
  exit_status_ = 0;
}

void GatewayTest::Finish() {
  if (gateway_) {
    EndGateway();
    const std::string said = gateway_->StderrText();
    EXPECT_EQ(said.find("Sanitizer"), std::string::npos) << said;
    EXPECT_EQ(said.find("exception"), std::string::npos) << said;
    if (!rows_may_differ_) ExpectARowForEachLine(said);
  }
  if (gateway_ && HasFailure()) std::cerr << "the gateway's stderr:\n" << gateway_->StderrText() << std::endl;
  gateway_.reset();
  rows_may_differ_ = false;
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

void GatewayTest::ExpectARowForEachLine(const std::string& log) const {
  std::vector<std::string> said = ChatRequestsIn(log), written;
  for (const Row& row : ReadRows(database_)) written.push_back(row.correlation_id);
  std::sort(said.begin(), said.end());
  std::sort(written.begin(), written.end());
  EXPECT_EQ(said, written) << "the log's lines and the rows differ";
}

void GatewayTest::StartMocks(const std::string& scenario_json) {
  auto mocks = mock_provider::MockProvider::StartJson(scenario_json);
  ASSERT_TRUE(mocks.ok()) << mocks.status();
  mocks_ = *std::move(mocks);
}

void GatewayTest::UseTls() {
  auto authority = mock_provider::CertificateAuthority::Make();
  ASSERT_TRUE(authority.ok()) << authority.status();
  authority_ = *std::move(authority);
  tls_ = TlsLayer::Options{.ca_pem = authority_->pem()};
  WriteNewIdentity();
}

std::string GatewayTest::WriteNewIdentity() {
  const auto identity = authority_->Issue(mock_provider::Tls::Certificate::kValid, "");
  EXPECT_TRUE(identity.ok()) << identity.status();
  std::ofstream(CertificateFile()) << identity->certificate;
  std::ofstream(KeyFile()) << identity->key;
  return identity->certificate;
}

std::string GatewayTest::TlsLines() const {
  if (!tls_) return "";
  return "tls_certificate = \"" + CertificateFile() + "\"\ntls_key = \"" + KeyFile() + "\"\n";
}

void GatewayTest::StartGateway(const Settings& settings) {
  std::string toml = ServerToml(WithDefault(settings.server, "threads", "2") +
                                WithDefault(settings.server, "drain_timeout_ms", "500") + settings.server) +
                     settings.database + "\n[retry]\n" +
                     WithDefault(settings.retry, "backoff_ms", "[10, 20]") +
                     WithDefault(settings.retry, "jitter", "0.0") + settings.retry + "\n";
  std::size_t rank = 0;
  for (const auto& provider : mocks_->Urls()) {
    toml += ProviderSection(provider, ++rank, KeyOf(provider.name), settings.provider);
  }
  StartGatewayWith(toml + settings.more);
}

std::string GatewayTest::ServerToml(const std::string& server) const {
  return "[server]\nlisten = \"127.0.0.1:0\"\n" + server + TlsLines() + "\n[database]\npath = \"" +
         database_ + "\"\n";
}

void GatewayTest::StartGatewayWith(const std::string& toml) {
  if (gateway_) EndGateway();
  if (toml.find("level = \"error\"") != std::string::npos) RowsMayDiffer();
  const std::string file = directory_ + "/config.toml";
  std::ofstream(file) << toml;
  gateway_ = std::make_unique<ChildProcess>(ChildProcess::Options{.program = ProgramPath("proxy/arbstr"),
                                                                  .arguments = {"serve", "--config", file},
                                                                  .directory = directory_,
                                                                  .environment = environment_});
  const auto line = gateway_->ReadLine();
  ASSERT_TRUE(line) << "the gateway did not start: " << gateway_->StderrText();
  const std::string expected =
      std::string("arbstr listening on ") + (tls_ ? "https" : "http") + "://127.0.0.1:";
  ASSERT_EQ(line->substr(0, expected.size()), expected);
  port_ = PortIn(*line);
}

void GatewayTest::StopGateway() {
  gateway_->Signal(SIGTERM);
  const auto exit = gateway_->WaitForExit();
  ASSERT_TRUE(exit) << "the gateway did not end after SIGTERM";
  EXPECT_EQ(*exit, 0) << gateway_->StderrText();
  EXPECT_EQ(gateway_->ReadRest(), "") << "only one line goes to stdout";
}

std::string GatewayTest::ChatBody(const std::string& model, const std::string& members) {
  return R"({"model":")" + model + R"(","messages":[{"role":"user","content":"Hello there"}])" + members +
         "}";
}

Response GatewayTest::Chat(const std::string& model, const std::string& members, const Fields& fields) {
  HttpClient client = Connect();
  // A gateway may refuse a request before it has read all of it: its answer is there all the same.
  (void)client.Send(ChatRequest(ChatBody(model, members), fields));
  return client.ReadResponse();
}

Response GatewayTest::Stream(const std::string& model, const std::string& members, const Fields& fields) {
  return Chat(model, R"(,"stream":true)" + members, fields);
}

Row GatewayTest::OnlyRow() {
  StopGateway();  // writes every row
  const std::vector<Row> rows = ReadRows(database_);
  EXPECT_EQ(rows.size(), 1u);
  return rows.empty() ? Row() : rows[0];
}

std::vector<mock_provider::JournalEntry> GatewayTest::Journal() { return mocks_->Journal(); }

bool GatewayTest::WaitForJournal(
    const std::function<bool(const std::vector<mock_provider::JournalEntry>&)>& predicate) {
  return mocks_->WaitForJournal(kPatience, predicate);
}

bool GatewayTest::WaitForLog(const std::string& text) {
  return WaitUntil([&] { return gateway_->StderrText().find(text) != std::string::npos; });
}

std::size_t GatewayTest::Asked(const std::string& provider) {
  std::size_t count = 0;
  for (const auto& entry : mocks_->Journal()) count += entry.provider == provider;
  return count;
}

::testing::AssertionResult IsOurError(const Response& response, int status, const std::string& code) {
  if (response.status != status) {
    return ::testing::AssertionFailure()
           << "status " << response.status << ", not " << status << ": " << response.body;
  }
  if (response.Header("content-type") != "application/json") {
    return ::testing::AssertionFailure() << "content-type " << response.Header("content-type");
  }
  if (response.Header("x-arbstr-request-id").size() != 36) {
    return ::testing::AssertionFailure()
           << "x-arbstr-request-id \"" << response.Header("x-arbstr-request-id") << "\"";
  }
  const Json body = Json::parse(response.body, nullptr, false);
  const bool shaped =
      body.is_object() && body.size() == 1 && body.contains("error") && body["error"].is_object() &&
      body["error"].size() == 4 && body["error"]["message"].is_string() &&
      !body["error"]["message"].get<std::string>().empty() && body["error"]["type"].is_string() &&
      body["error"].contains("param") && body["error"].contains("code");
  if (!shaped) return ::testing::AssertionFailure() << "not OpenAI's error shape: " << response.body;
  const Json& got = body["error"]["code"];
  if (code.empty() ? !got.is_null() : got != code) {
    return ::testing::AssertionFailure() << "code " << got << ", not \"" << code << "\": " << response.body;
  }
  return ::testing::AssertionSuccess();
}

}  // namespace integration_tests
