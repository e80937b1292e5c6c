// A provider's stream cut after every byte, with streaming = "before_first_token": up to its first token the
// client gets the whole answer of another provider and never learns; behind it the first one's, ended
// honestly. Never two heads, never a word twice, always one row.
#include <gtest/gtest.h>

#include "integration_tests/gateway_test.h"
#include "integration_tests/raw_provider.h"

namespace integration_tests {
namespace {

const std::string kRole =
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n";
const std::string kToken = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Grüße\"}}]}\n\n";
const std::string kFinish = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
const std::string kDone = "data: [DONE]\n\n";
const std::string kOther = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"other\"}}]}\n\n";

std::string WithoutOurComment(std::string body) {
  const std::size_t at = body.find(": arbstr ");
  if (at != std::string::npos) body.erase(at, body.find("\n\n", at) + 2 - at);
  return body;
}

std::size_t CountOf(const std::string& what, const std::string& text) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += what.size()) ++count;
  return count;
}

class StreamSurvivalSweepTest : public GatewayTest {
 protected:
  struct Expected {
    std::string provider;
    int error_status;  // 0: a whole answer
    std::string retries;
  };

  void StartBefore(int max_retries) {
    const auto section = [](const char* name, const RawProvider& provider, const char* fee) {
      return std::string("[[providers]]\nname = \"") + name + "\"\nurl = \"" + provider.url() +
             "\"\nbase_fee = " + fee + "\n";
    };
    StartGatewayWith(
        ServerToml("threads = 1\n") +
        "[retry]\nstreaming = \"before_first_token\"\nbackoff_ms = [0]\njitter = 0\nmax_retries = " +
        std::to_string(max_retries) +
        "\nbudget_percent = 0\n[circuit_breaker]\nfailures = 0\n[logging]\nlevel = \"error\"\n" +
        section("alpha", alpha_, "1") + section("beta", beta_, "2"));
  }

  // Cuts `answer` after every byte. `token`: the bytes of it with which its first token has come; `whole`:
  // with which the answer is known to be whole. `events`: what a client of the whole answer gets.
  void Sweep(const std::string& answer, std::size_t token, std::size_t whole, const std::string& events,
             int max_retries) {
    const std::string other = kRole + kOther + kFinish + kDone;
    beta_.Answer({.pieces = {EventStreamHead(other.size()) + other}});
    StartBefore(max_retries);
    const std::size_t attempts = 1 + static_cast<std::size_t>(max_retries);
    std::vector<Expected> expected;
    for (const bool reset : {false, true}) {
      for (std::size_t cut = 0; cut <= answer.size(); ++cut) {
        SCOPED_TRACE(testing::Message() << (reset ? "RST" : "FIN") << " after " << cut);
        alpha_.Answer({.pieces = {answer.substr(0, cut)}, .end = reset ? RawEnd::kReset : RawEnd::kFin});
        const std::size_t beta_before = beta_.asked();
        const Response response = Stream();
        EXPECT_EQ(response.status, 200);
        EXPECT_EQ(CountOf("HTTP/1.1", response.body), 0u) << "one head";
        if (cut < token) {
          const std::string retries = std::to_string(attempts) + "/alpha";
          EXPECT_EQ(alpha_.asked(), attempts);
          EXPECT_EQ(response.Header("x-arbstr-provider"), "beta");
          EXPECT_EQ(response.Header("x-arbstr-retries"), retries);
          EXPECT_TRUE(response.complete);
          EXPECT_EQ(WithoutOurComment(response.body), other);
          expected.push_back({"beta", 0, retries});
          continue;
        }
        EXPECT_EQ(alpha_.asked(), 1u);
        EXPECT_EQ(beta_.asked(), beta_before) << "no attempt after the client had a token";
        EXPECT_EQ(response.Header("x-arbstr-provider"), "alpha");
        EXPECT_FALSE(response.Has("x-arbstr-retries"));
        EXPECT_EQ(CountOf("Grüße", response.body), 1u);
        if (cut < whole) {
          EXPECT_FALSE(response.complete);
          const std::size_t error = response.body.rfind("data: {\"error\":");
          ASSERT_NE(error, std::string::npos) << response.body;
          EXPECT_TRUE(events.starts_with(response.body.substr(0, error))) << response.body;
          EXPECT_NE(response.body.find("stream_interrupted", error), std::string::npos);
          EXPECT_EQ(CountOf(kDone, response.body), 0u);
          expected.push_back({"alpha", 502, "1/alpha"});
        } else {
          EXPECT_TRUE(response.complete);
          EXPECT_EQ(WithoutOurComment(response.body), events);
          expected.push_back({"alpha", 0, ""});
        }
      }
    }
    EXPECT_EQ(alpha_.unread(), 0u);
    StopGateway();
    const auto rows = ReadRows(database());
    ASSERT_EQ(rows.size(), expected.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      EXPECT_EQ(rows[i].provider, expected[i].provider) << i;
      EXPECT_EQ(rows[i].error_status.value_or(0), expected[i].error_status) << i;
      EXPECT_EQ(rows[i].success, expected[i].error_status == 0) << i;
      EXPECT_EQ(rows[i].retries.value_or(""), expected[i].retries) << i;
    }
  }

  RawProvider alpha_, beta_;
};

TEST_F(StreamSurvivalSweepTest, AStreamInChunks) {
  const std::string head = ChunkedEventStreamHead();
  const std::string before = head + Chunk(kRole) + Chunk(": wait\n\n");
  const std::string answer = before + Chunk(kToken) + Chunk(kFinish) + Chunk(kDone) + "0\r\n\r\n";
  // The line end of a chunk comes behind its last byte of data.
  const std::size_t token = before.size() + Chunk(kToken).size() - 2;
  const std::size_t whole = (before + Chunk(kToken) + Chunk(kFinish)).size() - 2;
  Sweep(answer, token, whole, kRole + ": wait\n\n" + kToken + kFinish + kDone, 0);
}

TEST_F(StreamSurvivalSweepTest, AStreamOfKnownLengthWithARetry) {
  const std::string events = kRole + kToken + kFinish + kDone;
  const std::string head = EventStreamHead(events.size());
  Sweep(head + events, (head + kRole + kToken).size(), (head + kRole + kToken + kFinish).size(), events, 1);
}

}  // namespace
}  // namespace integration_tests
