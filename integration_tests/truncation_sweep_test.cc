// An upstream answer cut after every byte N: whatever arrives, the client is never told that a part is the
// whole, a plain request is retried unseen, a stream that has begun is ended honestly, and there is one row.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "integration_tests/gateway_test.h"
#include "integration_tests/raw_provider.h"

namespace integration_tests {
namespace {

using Json = nlohmann::json;

class TruncationSweepTest : public GatewayTest {
 protected:
  void StartBefore(const RawProvider& provider) {
    StartGatewayWith(ServerToml("threads = 1\n") +
                     "[retry]\nmax_retries = 1\nbackoff_ms = [1]\njitter = 0\nbudget_percent = "
                     "0\n[circuit_breaker]\nfailures = 0\n[logging]\nlevel = \"error\"\n"
                     "[[providers]]\nname = \"cut\"\nurl = \"" +
                     provider.url() + "\"\n");
  }
  // Of a plain answer and its body, cut after every byte and ended in each of those ways.
  void ExpectWholeOrRetried(const std::string& answer, const std::string& body,
                            const std::vector<RawEnd>& ends) {
    RawProvider provider;
    StartBefore(provider);
    std::vector<int> expected;
    for (const RawEnd end : ends) {
      for (std::size_t cut = 0; cut <= answer.size(); ++cut) {
        SCOPED_TRACE(cut);
        provider.Answer({.pieces = {answer.substr(0, cut)}, .end = end});
        const Response response = Chat();
        if (cut == answer.size()) {
          EXPECT_EQ(response.status, 200);
          EXPECT_EQ(response.body, body);
          EXPECT_EQ(provider.asked(), 1u);
        } else {
          EXPECT_EQ(response.status, 502);
          EXPECT_EQ(response.Header("x-arbstr-retries"), "2/cut");
          EXPECT_EQ(provider.asked(), 2u) << "one retry";
        }
        expected.push_back(cut == answer.size() ? 0 : 502);
      }
    }
    ExpectRows(expected);
  }
  // Rows in order of the requests.
  void ExpectRows(const std::vector<int>& error_statuses) {
    StopGateway();
    const auto rows = ReadRows(database());
    ASSERT_EQ(rows.size(), error_statuses.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      EXPECT_EQ(rows[i].error_status.value_or(0), error_statuses[i]) << i;
      EXPECT_EQ(rows[i].success, error_statuses[i] == 0) << i;
    }
  }
};

constexpr const char* kAnswer =
    R"({"choices":[{"message":{"content":"ok"}}],"usage":{"prompt_tokens":1,"completion_tokens":1}})";

TEST_F(TruncationSweepTest, APlainAnswerOfKnownLengthIsWholeOrRetried) {
  const std::string body = kAnswer;
  const std::string answer =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
      "\r\n\r\n" + body;
  ExpectWholeOrRetried(answer, body, {RawEnd::kFin, RawEnd::kReset});
}

TEST_F(TruncationSweepTest, APlainAnswerThatItsConnectionEndsIsWholeJsonOrRetried) {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n";
  ExpectWholeOrRetried(head + kAnswer, kAnswer, {RawEnd::kFin});
}

// What is coded cannot be told from what was cut: it is passed on, as it always was.
TEST_F(TruncationSweepTest, AnAnswerInACodingThatItsConnectionEndsIsPassedOn) {
  RawProvider provider;
  StartBefore(provider);
  const std::string head =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nConnection: "
      "close\r\n\r\n";
  provider.Answer({.pieces = {head + "\x1f\x8b coded"}});
  const Response response = Chat();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "\x1f\x8b coded");
  EXPECT_EQ(response.Header("content-encoding"), "gzip");
  ExpectRows({0});
}

TEST_F(TruncationSweepTest, APlainChunkedAnswerIsWholeOrRetried) {
  const std::string answer =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
      "c\r\n{\"choices\":[\r\n2\r\n]}\r\n0\r\n\r\n";
  ExpectWholeOrRetried(answer, "{\"choices\":[]}", {RawEnd::kFin});
}

TEST_F(TruncationSweepTest, AStreamIsWholeOrSaysThatItIsNot) {
  const std::string head = ChunkedEventStreamHead();
  const std::string first = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Grüße\"}}]}\n\n";
  const std::string finish =
      "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
  const std::string done = "data: [DONE]\n\n";
  const std::string answer = head + Chunk(first) + Chunk(finish) + Chunk(done) + "0\r\n\r\n";
  // From here on the finish_reason has been read, and with it the answer is whole.
  const std::size_t whole = (head + Chunk(first)).size() + Chunk(finish).size() - 2;
  RawProvider provider;
  StartBefore(provider);
  std::vector<int> expected;
  for (std::size_t cut = 0; cut <= answer.size(); ++cut) {
    SCOPED_TRACE(cut);
    provider.Answer({.pieces = {answer.substr(0, cut)}});
    const Response response = Stream();
    EXPECT_EQ(provider.asked(), 1u) << "no attempt after the first, before and after the client saw a byte";
    if (cut < head.size()) {
      EXPECT_TRUE(IsOurError(response, 502, "upstream_unreachable"));
    } else if (cut < whole) {
      EXPECT_EQ(response.status, 200);
      EXPECT_FALSE(response.complete);
      EXPECT_EQ(response.body.find("[DONE]"), std::string::npos);
      const std::size_t error = response.body.rfind("data: {\"error\":");
      ASSERT_NE(error, std::string::npos) << response.body;
      const std::string before = response.body.substr(0, error);
      EXPECT_TRUE(before.empty() || before == first) << "whole events only: " << before;
      EXPECT_TRUE(Json::accept(response.body.substr(error + 6)));
    } else {
      EXPECT_TRUE(response.complete);
      EXPECT_TRUE(response.body.ends_with(done)) << response.body;
    }
    expected.push_back(cut < whole ? 502 : 0);
  }
  ExpectRows(expected);
}

// What is cut behind every finish_reason was whole, unless another choice was still to come.
TEST_F(TruncationSweepTest, ACutIsNoEndWhereAChoiceIsMissing) {
  RawProvider provider;
  StartBefore(provider);
  const std::string only =
      "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"one\"},\"finish_reason\":\"stop\"}]}\n\n";
  provider.Answer({.pieces = {ChunkedEventStreamHead() + Chunk(only)}});
  EXPECT_TRUE(Chat("gpt-4o", R"(,"stream":true)").complete);
  const Response response = Chat("gpt-4o", R"(,"stream":true,"n":2)");
  EXPECT_FALSE(response.complete);
  EXPECT_NE(response.body.find("stream_interrupted"), std::string::npos) << response.body;
  ExpectRows({0, 502});
}

}  // namespace
}  // namespace integration_tests
