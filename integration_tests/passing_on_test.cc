// What crosses the gateway in each direction, to the byte, and what stays behind.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "integration_tests/gateway_test.h"

namespace integration_tests {
namespace {

using Json = nlohmann::json;

std::string HeaderOf(const mock_provider::JournalEntry& entry, const std::string& name) {
  std::string all;
  for (const auto& [key, value] : entry.headers) {
    if (key == name) all += (all.empty() ? "" : "|") + value;
  }
  return all;
}

class PassingOnTest : public GatewayTest {};

TEST_F(PassingOnTest, TheBodyGoesUpstreamByteForByte) {
  Start(R"({})");
  const std::string body =
      "\n{ \"messages\" : [ {\"role\":\"user\",\"content\":\"Gr\\u00fc\xc3\x9f\x65\"} ] "
      ",\t\"temperature\":1.0e0, \"model\":\"gpt-4o\" }\r\n";
  EXPECT_EQ(Ask(port(), ChatRequest(body)).status, 200);
  EXPECT_EQ(Journal().at(0).body, body);
}

TEST_F(PassingOnTest, TheModelsNameIsSplicedWhereTheProviderHasAnother) {
  Start(R"({})", {.provider = "model_names = { \"gpt-4o\" = \"openai/gpt-\\\"4o\\\"\" }\n"});
  const std::string before = R"({ "x":[1, 2.50],"model" : )",
                    after = R"(, "messages":[{"content":"model","role":"user"}]})";
  EXPECT_EQ(Ask(port(), ChatRequest(before + "\"gpt-4o\"" + after)).status, 200);
  EXPECT_EQ(Journal().at(0).body, before + R"("openai/gpt-\"4o\"")" + after);
  EXPECT_EQ(OnlyRow().model, "gpt-4o") << "as the client asked";
}

TEST_F(PassingOnTest, OnlyNamedRequestHeadersGoUpstream) {
  Start(R"({"providers":[{"name":"alpha"}]})", {.provider = "headers = { \"X-Team\" = \"search\" }\n"});
  const Response response = Chat("gpt-4o", "",
                                 {{"Accept", "application/json"},
                                  {"User-Agent", "test/1"},
                                  {"traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
                                  {"tracestate", "a=b"},
                                  {"Authorization", "Bearer the-clients-own"},
                                  {"Cookie", "secret=1"},
                                  {"X-Forwarded-For", "1.2.3.4"},
                                  {"OpenAI-Organization", "org"},
                                  {"X-Arbstr-Policy-Unknown", "x"}});
  EXPECT_EQ(response.status, 200);
  const auto entry = Journal().at(0);
  std::vector<std::string> names;
  for (const auto& [name, value] : entry.headers) names.push_back(name);
  std::sort(names.begin(), names.end());
  EXPECT_EQ(names, (std::vector<std::string>{"accept", "accept-encoding", "authorization", "content-length",
                                             "content-type", "host", "idempotency-key", "traceparent",
                                             "tracestate", "user-agent", "x-team"}));
  EXPECT_EQ(HeaderOf(entry, "authorization"), "Bearer " + KeyOf("alpha"));
  EXPECT_EQ(HeaderOf(entry, "accept-encoding"), "identity");
  EXPECT_EQ(HeaderOf(entry, "content-type"), "application/json");
  EXPECT_EQ(HeaderOf(entry, "user-agent"), "test/1");
  EXPECT_EQ(HeaderOf(entry, "tracestate"), "a=b");
  EXPECT_EQ(HeaderOf(entry, "host"), "127.0.0.1:" + std::to_string(mocks().port("alpha")));
}

TEST_F(PassingOnTest, AzureWantsItsKeyInAHeaderOfItsOwn) {
  Start(R"({"providers":[{"name":"alpha"}]})", {.provider = "auth = \"api-key\"\n"});
  EXPECT_EQ(Chat().status, 200);
  EXPECT_EQ(HeaderOf(Journal().at(0), "api-key"), KeyOf("alpha"));
  EXPECT_EQ(HeaderOf(Journal().at(0), "authorization"), "");
}

TEST_F(PassingOnTest, OnlyNamedResponseHeadersComeBack) {
  Start(
      R"({"rules":[{"script":[{"reply":{"text":"ok","usage":{"prompt_tokens":1234,"completion_tokens":567,"total_cost":3.25},
      "headers":{"x-ratelimit-remaining-requests":"9","openai-version":"2020-10-01","x-request-id":"req_1",
      "retry-after-ms":"5","x-should-retry":"true","set-cookie":"a=b","server":"nginx","x-arbstr-provider":"forged",
      "x-arbstr-request-id":"forged","x-internal":"secret"}}}]}]})");
  const Response response = Chat();
  EXPECT_EQ(response.status, 200);
  std::vector<std::string> names;
  for (const auto& [name, value] : response.headers) names.push_back(name);
  std::sort(names.begin(), names.end());
  EXPECT_EQ(names,
            (std::vector<std::string>{"content-length", "content-type", "openai-version", "retry-after-ms",
                                      "x-arbstr-cost-sats", "x-arbstr-latency-ms", "x-arbstr-provider",
                                      "x-arbstr-request-id", "x-ratelimit-remaining-requests", "x-request-id",
                                      "x-should-retry"}));
  EXPECT_EQ(response.Header("x-arbstr-provider"), "mock");
  // (1234 * 10000 + 567 * 30000) / 1e6 + 1
  EXPECT_EQ(response.Header("x-arbstr-cost-sats"), "30.35");
  const Row row = OnlyRow();
  EXPECT_EQ(row.input_tokens, 1234);
  EXPECT_EQ(row.output_tokens, 567);
  EXPECT_DOUBLE_EQ(row.cost_sats.value_or(0), 30.35);
  EXPECT_DOUBLE_EQ(row.provider_cost_sats.value_or(0), 3.25);
}

TEST_F(PassingOnTest, ASuccessBodyIsTheProvidersByteForByteWhateverItIs) {
  const std::vector<std::string> bodies = {"not json at all", "[1, 2]", "",
                                           R"({"choices":[],"usage":{"prompt_tokens":"1"}})"};
  std::string script;
  for (const auto& body : bodies)
    script += (script.empty() ? "" : ",") + Json{{"reply", {{"body", body}}}}.dump();
  Start(R"({"rules":[{"script":[)" + script + "]}]}");
  for (const auto& body : bodies) {
    const Response response = Chat();
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, body);
    EXPECT_FALSE(response.Has("x-arbstr-cost-sats"));
  }
  for (const Row& row : Rows(bodies.size())) {
    EXPECT_EQ(row.success, 1);
    EXPECT_FALSE(row.cost_sats) << "no usage, no invented number";
  }
}

TEST_F(PassingOnTest, AnOpenAiErrorComesByteForByteButForTheKey) {
  const std::string body =
      R"({ "error" : {"message":"Incorrect API key provided: )" + KeyOf("alpha") +
      R"(.","type":"invalid_request_error","param":null,"code":"invalid_api_key"},"extra":1 })";
  Start(Json{
      {"providers",
       {{{"name", "alpha"},
         {"rules",
          {{{"script",
             {{{"reply", {{"status", 401}, {"body", body}, {"headers", {{"Retry-After", "7"}}}}}}}}}}}}}}}
            .dump());
  const Response response = Chat();
  EXPECT_EQ(response.status, 401);
  EXPECT_EQ(response.Header("retry-after"), "7");
  std::string masked = body;
  masked.replace(masked.find(KeyOf("alpha")), KeyOf("alpha").size(), "sk-ke…");
  EXPECT_EQ(response.body, masked);
  const Row row = OnlyRow();
  EXPECT_EQ(row.error_message.value_or("").find(KeyOf("alpha")), std::string::npos);
  EXPECT_EQ(gateway().StderrText().find(KeyOf("alpha")), std::string::npos);
}

TEST_F(PassingOnTest, AHeaderThatQuotesTheKeyComesWithTheKeyMasked) {
  Start(
      R"({"providers":[{"name":"alpha","rules":[{"script":[{"reply":{"headers":{"openai-organization":"of )" +
      KeyOf("alpha") + R"("}}}]}]}]})");
  EXPECT_EQ(Chat().Header("openai-organization"), "of sk-ke…");
}

TEST_F(PassingOnTest, AHeaderThatTheProviderIsGivenReplacesTheClients) {
  Start(R"({"providers":[{"name":"alpha"}]})",
        {.provider = "headers = { User-Agent = \"ours\", Authorization = \"Custom 1\" }\n"});
  Chat("gpt-4o", "", {{"User-Agent", "theirs"}, {"tracestate", "a=1"}, {"tracestate", "b=2"}});
  const auto entries = Journal();
  ASSERT_EQ(entries.size(), 1u);
  std::vector<std::string> of_interest;
  for (const auto& [name, value] : entries[0].headers) {
    if (name == "user-agent" || name == "authorization" || name == "tracestate") of_interest.push_back(value);
  }
  std::ranges::sort(of_interest);
  EXPECT_EQ(of_interest, (std::vector<std::string>{"Custom 1", "a=1", "b=2", "ours"}));
}

TEST_F(PassingOnTest, AnotherErrorBodyIsQuotedInOneOfOurs) {
  const std::string page = "<html>\n<b>Bad gateway</b>\x01" + std::string(500, 'x');
  Start(Json{{"rules", {{{"script", {{{"reply", {{"status", 403}, {"body", page}}}}}}}}}}.dump());
  const Response response = Chat();
  EXPECT_TRUE(IsOurError(response, 403, "upstream_error"));
  const std::string message = Json::parse(response.body)["error"]["message"];
  EXPECT_NE(message.find("<html><b>Bad gateway</b>xxx"), std::string::npos) << message;
  EXPECT_EQ(message.find(std::string(200, 'x')), std::string::npos) << "200 bytes at most";
}

TEST_F(PassingOnTest, AnAnswerThatIsTooLargeCountsAs502) {
  const Json reply = {{"body", std::string(201, 'x')}};
  Start(Json{{"rules", {{{"script", {{{"reply", reply}}}}}}}}.dump(),
        {.server = "max_response_bytes = 200\n"});
  const Response response = Chat();
  EXPECT_TRUE(IsOurError(response, 502, "upstream_invalid"));
  EXPECT_NE(response.body.find("larger than 200 bytes"), std::string::npos) << response.body;
  EXPECT_EQ(response.Header("x-arbstr-retries"), "3/mock") << "retryable";
}

TEST_F(PassingOnTest, ARedirectIsA502ThatNamesTheTarget) {
  Start(R"({"providers":[{"name":"alpha","rules":[{"script":[{"reply":{"status":307,"body":"",
      "headers":{"Location":"https://elsewhere.example/v1"}}}]}]},{"name":"beta"}]})");
  const Response response = Chat();
  EXPECT_TRUE(IsOurError(response, 502, "upstream_invalid"));
  EXPECT_NE(response.body.find("https://elsewhere.example/v1"), std::string::npos);
  EXPECT_EQ(Journal().size(), 1u) << "final: neither retried nor passed to the fallback";
}

TEST_F(PassingOnTest, AnErrorInACodingThatNobodyAskedForIsNotQuoted) {
  Start(R"({"rules":[{"script":[{"reply":{"status":418,"headers":{"content-encoding":"gzip"}}}]}]})");
  const Response response = Chat();
  EXPECT_TRUE(IsOurError(response, 418, "upstream_error"));
  EXPECT_NE(response.body.find("answered 418: a body with a content-encoding"), std::string::npos)
      << response.body;
  EXPECT_FALSE(response.Has("content-encoding"));
}

}  // namespace
}  // namespace integration_tests
