// The gateway's own log: one line a request, for eyes and for machines, and nothing that is not to be in it.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "integration_tests/gateway_test.h"

namespace integration_tests {
namespace {

using Json = nlohmann::json;

constexpr const char* kScenario = R"({"providers":[
  {"name":"alpha","rules":[{"match":{"model":"flaky"},"script":[{"error":503}]},
                           {"match":{"model":"quotes"},"script":[{"reply":{"text":"the key is sk-key-of-alpha-0123456789."}}]}]},
  {"name":"beta"}]})";
constexpr const char* kJson = "[logging]\nformat = \"json\"\n";
const std::string kTrace = "4bf92f3577b34da6a3ce929d0e0e4736";
const std::string kParent = "00-" + kTrace + "-00f067aa0ba902b7-01";

class LogLinesTest : public GatewayTest {
 protected:
  // The lines whose `message` is that one; each line has to be an object of its own.
  std::vector<Json> Lines(const std::string& message) {
    std::vector<Json> found;
    std::istringstream text(gateway().StderrText());
    for (std::string line; std::getline(text, line);) {
      const Json json = Json::parse(line, nullptr, false);
      EXPECT_TRUE(json.is_object()) << line;
      if (!json.is_object()) continue;
      EXPECT_EQ(json.value("time", "").size(), 24u) << line;
      if (json.value("message", "") == message) found.push_back(json);
    }
    return found;
  }
  // After the gateway's end, when all has been written.
  std::vector<Json> RequestLines() {
    StopGateway();
    return Lines("request");
  }
};

TEST_F(LogLinesTest, ALineOfARequestSaysWhatItsRowSays) {
  Start(kScenario, {.retry = "max_retries = 1\n", .more = kJson});
  EXPECT_EQ(Chat().status, 200);
  const Response flaky = Stream("flaky");
  EXPECT_EQ(flaky.status, 503) << "a stream fails fast";
  EXPECT_EQ(Chat("flaky").status, 200);
  EXPECT_EQ(Ask(port(), Get("/health")).status, 200);
  const auto lines = RequestLines();
  const auto rows = ReadRows(database());
  ASSERT_EQ(lines.size(), 3u) << "other routes are said at level debug";
  ASSERT_EQ(rows.size(), 3u);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row& row = rows[i];
    const Json& line = lines[i];
    EXPECT_EQ(line["level"], "info");
    EXPECT_EQ(line["id"], row.correlation_id);
    EXPECT_EQ(line["route"], "/v1/chat/completions");
    EXPECT_EQ(line["method"], "POST");
    EXPECT_EQ(line["model"], row.model);
    EXPECT_EQ(line["provider"], row.provider.value_or(""));
    EXPECT_EQ(line["status"], row.success ? 200 : row.error_status.value_or(0));
    EXPECT_EQ(line["stream"], row.streaming != 0);
    EXPECT_EQ(line["attempts"], row.attempts);
    EXPECT_EQ(line["latency_ms"], row.latency_ms);
    EXPECT_EQ(line.value("cost_sats", -1.0), row.cost_sats.value_or(-1.0));
    EXPECT_EQ(line.value("input_tokens", -1), row.input_tokens.value_or(-1));
    EXPECT_EQ(line.value("retries", ""), row.retries.value_or(""));
    const Json attempts = row.attempt_log ? Json::parse(*row.attempt_log) : Json();
    EXPECT_EQ(line.value("attempt_log", Json()), attempts);
    EXPECT_EQ(line.value("error", ""), row.error_message.value_or(""));
  }
  EXPECT_EQ(lines[2]["attempt_log"].size(), 3u);
}

TEST_F(LogLinesTest, ForEyesEveryFailedAttemptIsThereWithItsReason) {
  Start(kScenario, {.retry = "max_retries = 1\n"});
  const Response response = Chat("flaky");
  StopGateway();
  const std::string log = gateway().StderrText();
  EXPECT_NE(log.find("info request id=" + response.Header("x-arbstr-request-id") +
                     " method=POST route=/v1/chat/completions status=200 model=flaky provider=beta"),
            std::string::npos)
      << log;
  EXPECT_NE(log.find("failed=\"alpha 503 after "), std::string::npos) << log;
}

// What a terminal obeys, takes for a line end or shows from right to left.
const std::vector<std::string> kHidden = {"\u009B", "\u0085", "\u2028", "\u202E", "\u2066"};
const std::string kAllHidden = "a\u009B2Jb\u0085c\u2028d\u202Ee\u2066f";

class HiddenCharactersTest : public LogLinesTest, public ::testing::WithParamInterface<const char*> {};
INSTANTIATE_TEST_SUITE_P(Format, HiddenCharactersTest, ::testing::Values("text", "json"),
                         [](const auto& format) { return std::string(format.param); });

TEST_P(HiddenCharactersTest, AreEscapedWhereAClientOrAProviderSaysThem) {
  Start(
      R"({"providers":[{"name":"alpha","rules":[{"script":[{"reply":{"text":")" + kAllHidden + R"("}}]}]}]})",
      {.more =
           "[logging]\nlevel = \"trace\"\nbodies = true\nformat = \"" + std::string(GetParam()) + "\"\n"});
  const Response response = Chat(kAllHidden);
  EXPECT_EQ(response.status, 200);
  EXPECT_NE(response.body.find(kAllHidden), std::string::npos) << "the client gets it as it came";
  EXPECT_EQ(Chat("gpt-4o", "", {{"x-arbstr-policy", kAllHidden}}).status, 400);
  StopGateway();
  const std::string log = gateway().StderrText();
  EXPECT_NE(log.find("\\u009b2Jb"), std::string::npos) << log;
  for (const std::string& hidden : kHidden) EXPECT_EQ(log.find(hidden), std::string::npos) << log;
}

TEST_F(LogLinesTest, TheErrorOfAnAttemptIsQuoted) {
  Start(kScenario, {.retry = "max_retries = 0\nfallbacks = 0\n", .more = "[logging]\nlevel = \"debug\"\n"});
  EXPECT_EQ(Chat("flaky").status, 503);
  StopGateway();
  const std::string log = gateway().StderrText();
  EXPECT_NE(log.find(" attempt 1 provider=alpha status=503 next=stop wait_ms=0 error=\""), std::string::npos)
      << log;
}

TEST_F(LogLinesTest, ARefusedRequestHasItsLineToo) {
  Start(kScenario, {.server = "auth_token = \"a-token\"\n", .more = kJson});
  const Response unauthorized = Chat();
  EXPECT_EQ(unauthorized.status, 401);
  const Response unreadable = Ask(port(), ChatRequest("{}", {{"Authorization", "Bearer a-token"}}));
  EXPECT_EQ(unreadable.status, 400);
  const auto lines = RequestLines();
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0]["id"], unauthorized.Header("x-arbstr-request-id"));
  EXPECT_EQ(lines[0]["status"], 401);
  EXPECT_EQ(lines[1]["id"], unreadable.Header("x-arbstr-request-id"));
  EXPECT_EQ(lines[1]["status"], 400);
  EXPECT_EQ(ReadRows(database()).size(), 0u);
}

TEST_F(LogLinesTest, AClientThatLeftIsSaidToHaveLeft) {
  Start(R"({"rules":[{"script":[{"hang":{"at":"before_headers"}}]}]})", {.more = kJson});
  HttpClient client = Connect();
  ASSERT_TRUE(client.Send(ChatRequest(ChatBody())));
  ASSERT_TRUE(WaitForJournal([](const auto& entries) { return entries.size() == 1; }));
  client.Close();
  ASSERT_EQ(Rows(1).size(), 1u);
  const auto lines = RequestLines();
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0]["client_gone"], true);
  EXPECT_EQ(lines[0]["status"], 499);
}

TEST_F(LogLinesTest, ATraceGoesOnUpstreamByteForByteAndIsNamed) {
  Start(kScenario, {.more = kJson});
  EXPECT_EQ(Chat("gpt-4o", "", {{"Traceparent", kParent}, {"tracestate", "rojo=1,congo=t61"}}).status, 200);
  EXPECT_EQ(Chat("gpt-4o", "", {{"traceparent", "00-nonsense"}}).status, 200);
  EXPECT_EQ(Chat("gpt-4o", "", {{"traceparent", kParent}, {"traceparent", kParent}}).status, 200);
  EXPECT_EQ(Chat().status, 200);
  const auto sent = Journal();
  ASSERT_EQ(sent.size(), 4u);
  const auto header = [&](std::size_t request, const std::string& name) -> std::string {
    for (const auto& [key, value] : sent[request].headers) {
      if (key == name) return value;
    }
    return "";
  };
  EXPECT_EQ(header(0, "traceparent"), kParent);
  EXPECT_EQ(header(0, "tracestate"), "rojo=1,congo=t61");
  EXPECT_EQ(header(1, "traceparent"), "00-nonsense") << "as the client sent it";
  EXPECT_EQ(header(3, "traceparent"), "") << "nothing is made up";
  const auto lines = RequestLines();
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[0].value("trace_id", ""), kTrace);
  for (std::size_t i = 1; i < 4; ++i) EXPECT_FALSE(lines[i].contains("trace_id")) << i;
}

TEST_F(LogLinesTest, NoPromptAndNoAnswerIsLoggedUnlessBodiesAreAskedFor) {
  Start(kScenario, {.more = "[logging]\nlevel = \"trace\"\n"});
  EXPECT_EQ(Chat().status, 200);
  EXPECT_EQ(Stream().status, 200);
  StopGateway();
  const std::string log = gateway().StderrText();
  EXPECT_NE(log.find("request id="), std::string::npos);
  EXPECT_EQ(log.find("Hello"), std::string::npos) << log;
}

TEST_F(LogLinesTest, WithBodiesPromptsAndAnswersAreLoggedWithoutSecretsAndUpToABound) {
  Start(kScenario,
        {.server = "auth_token = \"the-token-of-all\"\n", .more = std::string(kJson) + "bodies = true\n"});
  const Fields token = {{"Authorization", "Bearer the-token-of-all"}};
  const Response plain = Chat("quotes", R"(,"user":"the-token-of-all")", token);
  EXPECT_EQ(plain.status, 200);
  EXPECT_NE(plain.body.find(KeyOf("alpha")), std::string::npos) << "the client gets it as it came";
  const Response stream = Stream("gpt-4o", "", token);
  EXPECT_EQ(stream.status, 200);
  EXPECT_EQ(Chat("gpt-4o", ",\"user\":\"" + std::string(40'000, 'u') + "\"", token).status, 200);
  StopGateway();
  EXPECT_EQ(gateway().StderrText().find(KeyOf("alpha")), std::string::npos);
  EXPECT_EQ(gateway().StderrText().find("the-token-of-all"), std::string::npos);
  const auto prompts = Lines("prompt"), answers = Lines("answer");
  ASSERT_EQ(prompts.size(), 3u);
  ASSERT_EQ(answers.size(), 3u);
  EXPECT_EQ(prompts[0]["id"], plain.Header("x-arbstr-request-id"));
  EXPECT_EQ(prompts[0]["body"], ChatBody("quotes", R"(,"user":"the-t…")"));
  EXPECT_EQ(answers[0]["bytes"], plain.body.size());
  EXPECT_NE(answers[0]["body"].get<std::string>().find("the key is sk-ke…."), std::string::npos)
      << answers[0];
  const std::string events = answers[1]["body"];
  EXPECT_EQ(stream.body.substr(0, events.size()), events);
  EXPECT_NE(events.find("finish_reason"), std::string::npos) << events;
  EXPECT_EQ(prompts[2]["body"].get<std::string>().size(), 16'384u);
  EXPECT_GT(prompts[2]["bytes"], 40'000);
}

}  // namespace
}  // namespace integration_tests
