// Everything the gateway emits, searched for every secret it was given: what it answers, prints, logs and
// writes, while providers quote what they were sent.
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>

#include "integration_tests/gateway_test.h"
#include "integration_tests/raw_provider.h"

namespace integration_tests {
namespace {

constexpr const char* kToken = "gateway-token-2f61b1c9d7";
constexpr const char* kKey = "sk-provider-key-8e4d2a77f0";
constexpr const char* kFromEnvironment = "sk-environment-key-51c3e0aa";
constexpr const char* kQuery = "query-secret-90be7761dd";
constexpr const char* kHeader = "header-secret-3ac1f5e082";
const std::vector<std::string> kSecrets = {kToken, kKey, kFromEnvironment, kQuery, kHeader};

std::string ReadFile(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// What a provider that quotes everything it was sent says.
std::string Quoting() { return std::string("no access for ") + kKey + ", " + kQuery + ", Bearer " + kHeader; }

std::string Plain(const std::string& status, const std::string& type, const std::string& body,
                  const std::string& fields = "") {
  return "HTTP/1.1 " + status + "\r\nContent-Type: " + type + "\r\nx-request-id: id-" + kKey + "\r\n" +
         fields + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

class SecretsTest : public GatewayTest, public ::testing::WithParamInterface<const char*> {
 protected:
  std::string Toml() {
    return ServerToml(std::string("auth_token = \"") + kToken + "\"\n") +
           "[logging]\nlevel = \"trace\"\nbodies = true\nformat = \"" + GetParam() +
           "\"\n[retry]\nmax_retries = 1\nbackoff_ms = [1]\ndeadline_ms = 20000\n" +
           "[[providers]]\nname = \"quoting\"\nurl = \"" + raw_.url() + "?code=" + kQuery +
           "\"\napi_key = \"" + kKey + "\"\nheaders = { \"X-Access-Token\" = \"Bearer " + kHeader +
           "\" }\nmodels = [\"gpt-4o\"]\n[[providers]]\nname = \"other\"\nurl = \"" + mocks().Url("mock") +
           "/v1\"\napi_key = \"${OTHER_KEY}\"\ninput_rate = 9\nmodels = [\"gpt-4o\", \"other\"]\n";
  }
  void Run(const std::string& toml) {
    const std::string file = directory() + "/secrets.toml";
    std::ofstream(file) << toml;
    program_ = std::make_unique<ChildProcess>(
        ChildProcess::Options{.program = ProgramPath("proxy/arbstr"),
                              .arguments = {"serve", "--config", file},
                              .directory = directory(),
                              .environment = {{"OTHER_KEY", kFromEnvironment}}});
    const auto line = program_->ReadLine();
    ASSERT_TRUE(line) << program_->StderrText();
    emitted_ += *line;
    port_ = PortIn(*line);
  }
  std::string Command(const std::string& command, const std::string& file) {
    ChildProcess child({.program = ProgramPath("proxy/arbstr"),
                        .arguments = {command, "--config", file},
                        .directory = directory(),
                        .environment = {{"OTHER_KEY", kFromEnvironment}}});
    return child.ReadRest();
  }
  // All bytes of the answer, up to the connection's end.
  std::string Say(const std::string& request) {
    HttpClient client(port_);
    EXPECT_TRUE(client.Send(request));
    const std::string said = client.ReadToEnd();
    EXPECT_FALSE(said.empty());
    emitted_ += said;
    return said;
  }
  std::string SayChat(const std::string& model, const std::string& members = "") {
    const Fields fields = {{"Authorization", std::string("Bearer ") + kToken}, {"Connection", "close"}};
    return Say(ChatRequest(ChatBody(model, members), fields));
  }
  std::string SayGet(const std::string& target, const std::string& token) {
    return Say(Get(target, {{"Authorization", "Bearer " + token}, {"Connection", "close"}}));
  }
  void ExpectMasked(const std::string& answer) {
    EXPECT_NE(answer.find("sk-pr…"), std::string::npos) << "the quote has to be there, masked: " << answer;
  }

  RawProvider raw_;
  std::unique_ptr<ChildProcess> program_;
  std::uint16_t port_ = 0;
  std::string emitted_;
};

INSTANTIATE_TEST_SUITE_P(Format, SecretsTest, ::testing::Values("text", "json"),
                         [](const auto& format) { return std::string(format.param); });

TEST_P(SecretsTest, NoneIsInAnythingThatIsEmitted) {
  StartMocks(R"({})");
  Run(Toml());
  EXPECT_NE(SayChat("other").find("200 OK"), std::string::npos);

  const std::string json_error = R"({"error":{"message":")" + Quoting() + R"(","type":"x"}})";
  raw_.Answer({{Plain("403 Forbidden", "application/json", json_error)}});
  ExpectMasked(SayChat("gpt-4o"));
  raw_.Answer({{Plain("400 Bad Request", "text/html", "<p>" + Quoting() + "</p>")}});
  ExpectMasked(SayChat("gpt-4o"));
  raw_.Answer({{Plain("302 Found", "text/plain", "", "Location: http://h/?" + Quoting() + "\r\n")}});
  ExpectMasked(SayChat("gpt-4o"));
  // These are retried, and answered by the other provider; the log has what they said.
  raw_.Answer({{Plain("503 Service Unavailable", "application/json", json_error)}});
  EXPECT_NE(SayChat("gpt-4o").find("x-arbstr-provider: other"), std::string::npos);
  raw_.Answer({{Plain("200 OK", "application/json", json_error)}});
  EXPECT_NE(SayChat("gpt-4o").find("x-arbstr-provider: other"), std::string::npos);
  // A success is the provider's to the byte, so that the client's own copy is left out of the search.
  const std::size_t before = emitted_.size();
  raw_.Answer({{Plain("200 OK", "application/json", R"({"choices":[],"said":")" + Quoting() + "\"}")}});
  EXPECT_NE(SayChat("gpt-4o").find(kQuery), std::string::npos);
  emitted_.resize(before);
  raw_.Answer({{"HTTP/9 " + Quoting() + "\r\n\r\n"}});
  SayChat("gpt-4o");
  raw_.Answer({{}, RawEnd::kReset});
  SayChat("gpt-4o");

  const std::string stream = ",\"stream\":true";
  const std::string event = "data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\n";
  raw_.Answer({{ChunkedEventStreamHead() + Chunk(event) + Chunk("data: " + json_error + "\n\n")}});
  ExpectMasked(SayChat("gpt-4o", stream));
  raw_.Answer({{ChunkedEventStreamHead() + Chunk(event)}});
  SayChat("gpt-4o", stream);

  for (const char* route : {"/providers", "/health", "/metrics", "/v1/models", "/v1/requests", "/v1/stats",
                            "/dashboard", "/nowhere", "/v1/requests?page=0"}) {
    SayGet(route, kToken);
    SayGet(route, "wrong-token");
  }
  EXPECT_NE(SayGet("/providers", kToken).find("sk-pr…"), std::string::npos);
  Say("GET / HTTP/1.1\r\nAuthorization: Bearer " + std::string(kToken) + "\r\nbad header\r\n\r\n");
  program_->Signal(SIGHUP);
  program_->Signal(SIGTERM);
  EXPECT_EQ(program_->WaitForExit(), 0);

  std::ofstream(directory() + "/wrong.toml")
      << Toml() << "key = \"" << kKey << "\"\napi_key = " << kKey << "\n";
  std::ofstream(directory() + "/range.toml") << Toml() << "max_concurrency = \"" << kKey << "\"\n";
  for (const char* file : {"secrets.toml", "wrong.toml", "range.toml"}) {
    for (const char* command : {"check", "providers", "serve"}) {
      if (std::string(file) != "secrets.toml" || std::string(command) != "serve") {
        emitted_ += Command(command, directory() + "/" + file);
      }
    }
  }
  emitted_ += program_->ReadRest() + program_->StderrText();  // the stderr of all of them
  const auto rows = ReadRows(database());
  EXPECT_EQ(rows.size(), 11u);
  std::string logged;
  for (const Row& row : rows) logged += row.error_message.value_or("") + row.attempt_log.value_or("");
  ExpectMasked(logged);
  ExpectMasked(program_->StderrText());
  for (const char* more : {"", "-wal", "-shm"}) emitted_ += ReadFile(database() + more);
  for (const std::string& secret : kSecrets) {
    const std::size_t at = emitted_.find(secret);
    EXPECT_EQ(at, std::string::npos) << "found in: "
                                     << (at == emitted_.npos ? ""
                                                             : emitted_.substr(at < 300 ? 0 : at - 300, 400));
  }
}

}  // namespace
}  // namespace integration_tests
