// A stream that arrives in pieces cut at every byte is relayed byte for byte, in both modes of
// retry.streaming: whatever ends its lines, in the middle of a character, of a comment, of an event of a
// mebibyte.
#include <gtest/gtest.h>

#include <optional>

#include "integration_tests/gateway_test.h"
#include "integration_tests/raw_provider.h"
#include "integration_tests/wait_until.h"

namespace integration_tests {
namespace {

class StreamRelaySweepTest : public GatewayTest, public ::testing::WithParamInterface<const char*> {
 protected:
  void StartBeforeProvider() {
    StartGatewayWith(ServerToml("threads = 1\n") + "[retry]\nmax_retries = 0\nstreaming = \"" + GetParam() +
                     "\"\n[logging]\nlevel = \"error\"\n[[providers]]\nname = \"raw\"\nurl = \"" +
                     provider_.url() + "\"\n");
  }

  // What the client gets of `events`, which are sent in these pieces behind the head, without our comment.
  std::string Relayed(const std::string& events, const std::vector<std::string>& pieces) {
    RawAnswer answer{.pieces = {EventStreamHead(events.size())}, .end = RawEnd::kKeepAlive};
    answer.pieces.insert(answer.pieces.end(), pieces.begin(), pieces.end());
    provider_.Answer(answer);
    // One connection on either side, or thousands of closed ones would slow down the look into their queues.
    if (!client_) client_.emplace(port());
    EXPECT_TRUE(client_->Send(ChatRequest(ChatBody("gpt-4o", R"(,"stream":true)"))));
    const Response response = client_->ReadResponse();
    ++requests_;
    // Its end may come later than the client's. Asked before, the gateway would open another connection, and
    // the provider takes up one after the other.
    EXPECT_TRUE(WaitUntil([&] { return provider_.answered() == 1; }));
    EXPECT_EQ(response.status, 200);
    EXPECT_TRUE(response.complete);
    std::string body = response.body;
    const std::size_t comment = body.find(": arbstr ");
    EXPECT_NE(comment, std::string::npos);
    return comment == std::string::npos ? body
                                        : body.erase(comment, body.find("\n\n", comment) + 2 - comment);
  }

  void ExpectOneRowEach() {
    EXPECT_EQ(provider_.unread(), 0u) << "pieces that arrived as one";
    client_.reset();
    StopGateway();
    const auto rows = ReadRows(database());
    EXPECT_EQ(rows.size(), requests_);
    for (const Row& row : rows) EXPECT_EQ(row.success, 1);
  }

  RawProvider provider_;
  std::optional<HttpClient> client_;
  std::size_t requests_ = 0;
};

INSTANTIATE_TEST_SUITE_P(ByMode, StreamRelaySweepTest, ::testing::Values("fail_fast", "before_first_token"),
                         [](const auto& mode) { return std::string(mode.param); });

// Comments, a role, an id and a name, text of two, three and four bytes a character, an event of several data
// lines, one that is no JSON, a tool call, the end.
std::string EventsWithLineEnd(const std::string& end) {
  std::string events;
  for (const char* line :
       {": OPENROUTER PROCESSING",
        "",
        R"(data: {"choices":[{"index":0,"delta":{"role":"assistant"}}]})",
        "",
        R"(data: {"choices":[{"index":0,"delta":{"content":"Grüße € 🎈"}}]})",
        "",
        ":",
        "",
        "event: message",
        "id: 7",
        R"(data: {"choices":[{"index":0,)",
        R"(data:"delta":{"content":"two lines"}}]})",
        "",
        "data: {\"oops",
        "",
        "",
        R"(data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0}]},"finish_reason":"stop"}]})",
        "",
        "data: [DONE]",
        ""}) {
    events += line + end;
  }
  return events;
}

TEST_P(StreamRelaySweepTest, EventsCutInTwoAtEveryByte) {
  StartBeforeProvider();
  for (const char* end : {"\n", "\r\n", "\r"}) {
    const std::string events = EventsWithLineEnd(end);
    for (std::size_t cut = 1; cut < events.size(); ++cut) {
      SCOPED_TRACE(testing::Message() << "line ends of " << static_cast<int>(end[0]) << " cut at " << cut);
      ASSERT_EQ(Relayed(events, {events.substr(0, cut), events.substr(cut)}), events);
    }
  }
  ExpectOneRowEach();
}

TEST_P(StreamRelaySweepTest, EventsThatArriveByteByByte) {
  StartBeforeProvider();
  for (const char* end : {"\n", "\r\n", "\r"}) {
    const std::string events = EventsWithLineEnd(end);
    std::vector<std::string> bytes;
    for (const char c : events) bytes.emplace_back(1, c);
    EXPECT_EQ(Relayed(events, bytes), events);
  }
  ExpectOneRowEach();
}

TEST_P(StreamRelaySweepTest, AnEventOfAMebibyte) {
  std::string text;
  while (text.size() < (1 << 20)) text += "Grüße € 🎈 ";
  const std::string large = R"(data: {"choices":[{"index":0,"delta":{"content":")" + text + "\"}}]}\n\n";
  const std::string rest = EventsWithLineEnd("\n");
  StartBeforeProvider();
  for (const std::string& events :
       {large + rest, rest.substr(0, rest.find("data: [DONE]")) + large + "data: [DONE]\n\n"}) {
    // The middle of a character of four bytes, the limit of what is held back, the end of the event.
    for (const std::size_t cut : {events.find("🎈", 500'000) + 2, std::size_t{1 << 20},
                                  std::size_t{(1 << 20) - 1}, events.find("}}]}\n\n", 1 << 20) + 5}) {
      SCOPED_TRACE(cut);
      const std::string relayed = Relayed(events, {events.substr(0, cut), events.substr(cut)});
      ASSERT_EQ(relayed.size(), events.size());
      EXPECT_TRUE(relayed == events);
    }
  }
  ExpectOneRowEach();
}

}  // namespace
}  // namespace integration_tests
