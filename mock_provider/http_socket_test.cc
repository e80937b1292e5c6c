// The HTTP of a healthy provider, and what it does with requests that are none.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "mock_provider/mock_provider.h"
#include "mock_provider/testing_raw_client.h"

namespace mock_provider {
namespace {

using nlohmann::json;
using testing::Ask;
using testing::ChatRequestText;
using testing::Ending;
using testing::RawClient;
using testing::Received;

class HttpSocketTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto mock = MockProvider::StartJson(R"({"providers":[{"name":"mock","models":["gpt-4o","o3"]}]})",
                                        {.admin_listen = "127.0.0.1:0"});
    ASSERT_TRUE(mock.ok()) << mock.status();
    mock_ = *std::move(mock);
  }

  // The status and the JSON body of the answer to these bytes.
  std::pair<std::string, json> Send(const std::string& bytes) {
    RawClient client(mock_->port("mock"));
    client.Send(bytes);
    const Received received = client.ReadToEnd();
    if (received.bytes.size() < 12) return {"", nullptr};
    return {received.bytes.substr(9, 3), json::parse(received.Body(), nullptr, false)};
  }

  std::pair<std::string, json> Request(const std::string& line, const std::string& body = "") {
    return Send(line + " HTTP/1.1\r\nHost: mock\r\nConnection: close\r\nContent-Length: " +
                std::to_string(body.size()) + "\r\n\r\n" + body);
  }

  std::unique_ptr<MockProvider> mock_;
};

TEST_F(HttpSocketTest, ModelsAreListedAndFound) {
  const auto [status, list] = Request("GET /v1/models");
  EXPECT_EQ(status, "200");
  EXPECT_EQ(list["object"], "list");
  EXPECT_EQ(list["data"][1]["id"], "o3");
  EXPECT_EQ(Request("GET /v1/models/o3").second["id"], "o3");
  EXPECT_EQ(Request("GET /v1/models/nope").first, "404");
}

TEST_F(HttpSocketTest, AModelIsFoundByItsNameAsClientsEncodeIt) {
  ASSERT_TRUE(
      mock_->SetScenario(R"({"providers":[{"name":"mock","models":["openai/gpt-4o","50%","a b?"]}]})").ok());
  EXPECT_EQ(Request("GET /v1/models/openai%2Fgpt-4o").second["id"], "openai/gpt-4o");
  EXPECT_EQ(Request("GET /v1/models/openai%2fgpt%2D4o?x=1").second["id"], "openai/gpt-4o");
  EXPECT_EQ(Request("GET /v1/models/openai/gpt-4o").second["id"], "openai/gpt-4o");
  EXPECT_EQ(Request("GET /v1/models/a%20b%3F").second["id"], "a b?");
  for (const char* percent : {"50%", "50%25"})
    EXPECT_EQ(Request(std::string("GET /v1/models/") + percent).second["id"], "50%") << percent;
  EXPECT_EQ(Request("GET /v1/models/openai%252Fgpt-4o").first, "404") << "it is decoded once";
}

TEST_F(HttpSocketTest, AzuresDeploymentIsTheModelOfARequestThatNamesNone) {
  const std::string path = "POST /openai/deployments/gpt%2D4o/chat/completions?api-version=2024-10-21";
  EXPECT_EQ(Request(path, R"({"messages":[]})").first, "400") << "not OpenAI's";
  ASSERT_TRUE(mock_
                  ->SetScenario(R"({"providers":[{"name":"mock","dialect":"azure",
                                      "rules":[{"match":{"model":"down"},"script":[{"error":503}]}]}]})")
                  .ok());
  const auto [status, answer] = Request(path, R"({"messages":[]})");
  EXPECT_EQ(status, "200");
  EXPECT_EQ(answer["model"], "gpt-4o");
  EXPECT_EQ(Request(path, R"({"model":"o3","messages":[]})").second["model"], "o3");
  EXPECT_EQ(Request("POST /openai/deployments/down/chat/completions", R"({"messages":[]})").first, "503");
  EXPECT_EQ(mock_->Journal().back().model, "down");
  EXPECT_EQ(testing::AskAdmin(mock_->admin_port(), "POST", "/__admin/requests/count",
                              R"({"match":{"model":"down"}})"),
            R"({"count":1})");
  for (const char* other : {"/v1/chat/completions", "/openai/deployments//chat/completions",
                            "/openai/deployments/a/b/chat/completions"})
    EXPECT_EQ(Request(std::string("POST ") + other, R"({"messages":[]})").first, "400") << other;
}

TEST_F(HttpSocketTest, AnUnknownModelIsQuotedInJsonWhateverItsBytes) {
  ASSERT_TRUE(mock_->SetScenario(R"({"providers":[{"name":"mock","dialect":"anthropic"}]})").ok());
  for (const char* model : {"\xff", "%FF", "%00%22", "\xc3%28"}) {
    const auto [status, body] = Request(std::string("GET /v1/models/") + model);
    EXPECT_EQ(status, "404") << model;
    EXPECT_EQ(body["error"]["type"], "not_found_error") << model;
  }
}

TEST_F(HttpSocketTest, WhatIsNotServedIsRefusedInOpenAisShape) {
  EXPECT_EQ(Request("GET /nowhere").first, "404");
  EXPECT_EQ(Request("GET /v1/chat/completions").first, "405");
  EXPECT_EQ(Request("POST /v1/models").first, "405");
  EXPECT_EQ(Request("POST /v1/chat/completions", "not json").first, "400");
  EXPECT_EQ(Request("POST /v1/chat/completions", R"({"messages":[]})").first, "400");
  const auto [status, body] = Request("POST /v1/chat/completions", R"({"model":"m"})");
  EXPECT_EQ(status, "400");
  EXPECT_EQ(body["error"]["type"], "invalid_request_error");
}

TEST_F(HttpSocketTest, WhatIsOfAnotherTypeIsRefusedAsSuch) {
  const auto error = [&](const std::string& members) {
    const auto [status, body] = Request("POST /v1/chat/completions", R"({"model":"m",)" + members + "}");
    return status == "200" ? json() : body["error"];
  };
  const json stream = error(R"("messages":[],"stream":"yes")");
  EXPECT_EQ(stream["message"], "Invalid type for 'stream': expected a boolean, but got a string instead.");
  EXPECT_EQ(stream["type"], "invalid_request_error");
  EXPECT_EQ(stream["param"], "stream");
  EXPECT_EQ(stream["code"], "invalid_type");
  EXPECT_EQ(error(R"("messages":"hi")")["message"],
            "Invalid type for 'messages': expected an array of objects, but got a string instead.");
  for (const char* value : {"0", "1.5", "null", "{}", "true"})
    EXPECT_EQ(error(std::string("\"messages\":") + value)["code"], "invalid_type") << value;
  for (const char* value : {"0", "1.5", "[]", "{}"})
    EXPECT_EQ(error(std::string("\"messages\":[],\"stream\":") + value)["param"], "stream") << value;
  EXPECT_EQ(error(R"("stream":false)")["code"], "missing_required_parameter");
  for (const char* value : {"null", "false"})
    EXPECT_TRUE(error(std::string("\"messages\":[],\"stream\":") + value).is_null()) << value;
}

TEST_F(HttpSocketTest, NoKeyAtAllIsRefusedInOtherWordsThanAWrongOne) {
  const auto error = [&](const std::string& headers) {
    return Send("GET /v1/models HTTP/1.1\r\n" + headers + "Connection: close\r\n\r\n").second["error"];
  };
  ASSERT_TRUE(mock_->SetScenario(R"({"providers":[{"name":"mock","api_keys":["k"]}]})").ok());
  const json missing = error("");
  EXPECT_TRUE(missing["message"].get<std::string>().starts_with(
      "You didn't provide an API key. You need to provide your API key in an Authorization header using "
      "Bearer "
      "auth (i.e. Authorization: Bearer YOUR_KEY), "))
      << missing;
  EXPECT_EQ(missing["type"], "invalid_request_error");
  EXPECT_TRUE(missing["code"].is_null());
  EXPECT_EQ(error("Authorization: Bearer wrong\r\n")["code"], "invalid_api_key");
  EXPECT_EQ(mock_->Journal().at(0).action->reply->status, 401) << "so that it is played back in its words";
}

TEST_F(HttpSocketTest, ARequestGetsFrom1To128Choices) {
  for (const char* n : {"null", "1", "128"})
    EXPECT_EQ(Ask(mock_->port("mock"), "m", std::string(",\"n\":") + n).bytes.substr(9, 3), "200") << n;
  const Received most = Ask(mock_->port("mock"), "m", R"(,"n":128)");
  EXPECT_NE(most.bytes.find(R"("index":127,"message":)"), std::string::npos);
  for (const char* n : {"0", "-1", "129", "1.5", "\"2\""}) {
    const std::string bytes = Ask(mock_->port("mock"), "m", std::string(",\"n\":") + n).bytes;
    EXPECT_EQ(bytes.substr(9, 3), "400") << n;
    EXPECT_NE(bytes.find("Invalid 'n'"), std::string::npos) << bytes;
  }
  for (const char* n : {"129", "9223372036854775808", "18446744073709551615", "1e30"}) {
    const std::string bytes = Ask(mock_->port("mock"), "m", std::string(",\"n\":") + n).bytes;
    EXPECT_NE(bytes.find("integer_above_max_value"), std::string::npos) << bytes;
  }
}

TEST_F(HttpSocketTest, TheChoicesOfALongReplyAreAsManyAsFitInAMebibyte) {
  const std::string text(100'000, 'x');
  ASSERT_TRUE(mock_
                  ->SetScenario(R"({"rules":[{"match":{"model":"call"},"script":[{"reply":{"tool_calls":[
    {"name":"f","arguments":")" +
                                text + R"("}]}}]},{"script":[{"reply":{"text":")" + text + R"("}}]}]})")
                  .ok());
  for (const char* model : {"m", "call"}) {
    EXPECT_EQ(Ask(mock_->port("mock"), model, R"(,"n":10,"stream":true)").bytes.substr(9, 3), "200") << model;
    const std::string refusal = Ask(mock_->port("mock"), model, R"(,"n":11)").bytes;
    EXPECT_EQ(refusal.substr(9, 3), "400") << model;
    EXPECT_NE(refusal.find("Invalid 'n': expected an integer <= 10."), std::string::npos) << model;
  }
}

TEST_F(HttpSocketTest, MalformedRequestsGet400AndAClosedConnection) {
  for (const std::string bytes : {"nonsense\r\n\r\n", "GET / HTTP/1.1\r\nbad header\r\n\r\n",
                                  "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n"}) {
    const auto [status, body] = Send(bytes);
    EXPECT_EQ(status, "400") << bytes;
    EXPECT_TRUE(body["error"]["message"].is_string()) << bytes;
  }
}

TEST_F(HttpSocketTest, ATrailerOrChunkExtensionsWithoutEndAreRefused) {
  const std::string head = "POST /v1/chat/completions HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(Send(head + "0\r\nx: " + std::string(100 << 10, 'x')).first, "431");
  EXPECT_EQ(Send(head + "1;x=" + std::string(100 << 10, 'x')).first, "431");
}

TEST_F(HttpSocketTest, AHeadOrABodyTooLargeIsRefused) {
  EXPECT_EQ(Send("GET / HTTP/1.1\r\nx: " + std::string(100 << 10, 'x') + "\r\n\r\n").first, "431");
  EXPECT_EQ(Send("POST /v1/chat/completions HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n").first, "413");
}

TEST_F(HttpSocketTest, AClientThatExpectsToBeToldToGoOnIsTold) {
  RawClient client(mock_->port("mock"));
  const std::string request = ChatRequestText("m", "", "Expect: 100-continue\r\n");
  const std::size_t body = request.find("\r\n\r\n") + 4;
  client.Send(request.substr(0, body));
  EXPECT_EQ(client.ReadUntil("\r\n\r\n").bytes, "HTTP/1.1 100 Continue\r\n\r\n");
  client.Send(request.substr(body));
  EXPECT_EQ(client.ReadUntil("}}").bytes.substr(9, 3), "200");
}

TEST_F(HttpSocketTest, AnExpectationIsReadInAnyCaseAndNotForAClientOfHttp10) {
  RawClient client(mock_->port("mock"));
  client.Send("POST /v1/models HTTP/1.1\r\nHost: m\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.ReadUntil("\r\n\r\n").bytes, "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(Send("POST /v1/models HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n{}").first,
            "405");
}

TEST_F(HttpSocketTest, AReplyThatAnnouncesACloseCloses) {
  ASSERT_TRUE(mock_
                  ->SetScenario(R"({"providers":[{"name":"mock","rules":[{"script":[
    {"reply":{"text":"x","headers":{"Connection":"close"}}}]}]}]})")
                  .ok());
  for (const char* members : {"", R"(,"stream":true)"}) {
    RawClient client(mock_->port("mock"));
    client.Send(ChatRequestText("m", members));
    const auto received = client.ReadToEnd();
    EXPECT_EQ(received.ending, testing::Ending::kFin);
    EXPECT_NE(received.Head().find("\r\nConnection: close"), std::string::npos) << received.Head();
  }
}

TEST_F(HttpSocketTest, AnswersThatHaveNoBodyLeaveNoneInFrontOfTheNext) {
  ASSERT_TRUE(mock_
                  ->SetScenario(R"({"providers":[{"name":"mock","rules":[{"match":{"method":"POST"},"script":[
    {"reply":{"status":204}},{"reply":{"status":304}}]}]}]})")
                  .ok());
  RawClient client(mock_->port("mock"));
  client.Send("HEAD /v1/models HTTP/1.1\r\nHost: m\r\n\r\n" + ChatRequestText("m") +
              ChatRequestText("m", R"(,"stream":true)") +
              "GET /v1/models HTTP/1.1\r\nConnection: close\r\n\r\n");
  std::string left = client.ReadToEnd().bytes;
  for (const char* status : {"405", "204", "304", "200"}) {
    ASSERT_EQ(left.substr(0, 12), std::string("HTTP/1.1 ") + status);
    left = left.substr(left.find("\r\n\r\n") + 4);
  }
}

TEST_F(HttpSocketTest, BytesThatAreNoUtf8MakeNoAnswerThatIsNone) {
  EXPECT_TRUE(Request("GET /\xff").second["error"]["message"].is_string());
  ASSERT_TRUE(mock_->SetScenario(R"({"providers":[{"name":"mock","api_keys":["k"]}]})").ok());
  const auto [status, body] = Send(
      "GET /v1/models HTTP/1.1\r\nAuthorization: Bearer sk-a\xffsecret-secret\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(status, "401");
  EXPECT_TRUE(body["error"]["message"].is_string());
}

TEST_F(HttpSocketTest, EmptyLinesBeforeARequestAreNoPartOfIt) {
  const std::string request = "GET /v1/models HTTP/1.1\r\nConnection: close\r\n\r\n";
  for (const char* before : {"\r\n", "\n", "\r\n\r\n"}) {
    EXPECT_EQ(Send(before + request).first, "200");
  }
  RawClient client(mock_->port("mock"));
  client.Send("GET /v1/models HTTP/1.1\r\n\r\n\r");
  client.ReadUntil("}");
  client.Send("\n" + request);
  EXPECT_NE(client.ReadToEnd().bytes.find("HTTP/1.1 200"), std::string::npos);
}

TEST_F(HttpSocketTest, PipelinedRequestsAreAnsweredInOrder) {
  ASSERT_TRUE(mock_
                  ->SetScenario(R"({"providers":[{"name":"mock","rules":[
    {"match":{"model":"slow"},"script":[{"delay_ms":30,"reply":{"text":"first"}}]}]}]})")
                  .ok());
  RawClient client(mock_->port("mock"));
  client.Send(ChatRequestText("slow") + ChatRequestText("m", "", "Connection: close\r\n"));
  const Received received = client.ReadToEnd();
  EXPECT_EQ(received.ending, Ending::kFin);
  EXPECT_LT(received.bytes.find("first"), received.bytes.find("Hello from mock."));
  EXPECT_NE(received.bytes.find("Hello from mock."), std::string::npos);
}

TEST_F(HttpSocketTest, AClientThatLeavesInTheMiddleOfItsRequestLeavesNoEntry) {
  {
    RawClient client(mock_->port("mock"));
    client.Send(ChatRequestText("m").substr(0, 120));
  }
  EXPECT_EQ(testing::Ask(mock_->port("mock"), "m").bytes.substr(9, 3), "200");
  EXPECT_EQ(mock_->Journal().size(), 1u);
}

}  // namespace
}  // namespace mock_provider
