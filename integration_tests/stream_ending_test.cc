// What counts as the end of a stream, by what a provider says in it and by how its body is delimited.
#include <gtest/gtest.h>

#include <functional>

#include "integration_tests/gateway_test.h"
#include "integration_tests/raw_provider.h"

namespace integration_tests {
namespace {

constexpr const char* kUntilClose = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";

std::string Event(const std::string& delta, const std::string& finish_reason, int choice = 0) {
  return "data: {\"choices\":[{\"index\":" + std::to_string(choice) + ",\"delta\":{" + delta +
         "},\"finish_reason\":" + finish_reason + "}]}\n\n";
}

const std::string kRole = Event(R"("role":"assistant")", "null");
const std::string kDone = "data: [DONE]\n\n";

class StreamEndingTest : public GatewayTest {
 protected:
  // `retry`: lines of [retry].
  void StartGatewayOfRaw(const std::string& retry) {
    StartGatewayWith(ServerToml("threads = 1\n") + "[retry]\nmax_retries = 0\n" + retry +
                     "[[providers]]\nname = \"raw\"\nurl = \"" + provider_.url() + "\"\n");
  }
  // Each streaming mode in turn.
  void InEachMode(const std::string& retry, const std::function<void()>& test) {
    for (const std::string mode : {"fail_fast", "before_first_token"}) {
      SCOPED_TRACE(mode);
      StartGatewayOfRaw("streaming = \"" + mode + "\"\n" + retry);
      test();
      StartOver();
    }
  }
  // The raw provider's answer, in chunks or not.
  void Answer(const std::vector<std::string>& pieces, bool chunked, RawEnd end = RawEnd::kFin) {
    RawAnswer answer{.pieces = {chunked ? ChunkedEventStreamHead() : kUntilClose}, .end = end};
    for (const std::string& piece : pieces) answer.pieces.push_back(chunked ? Chunk(piece) : piece);
    provider_.Answer(answer);
  }
  void ExpectWhole(const Response& response) {
    EXPECT_TRUE(response.complete);
    EXPECT_TRUE(response.body.ends_with(kDone)) << response.body;
    EXPECT_EQ(response.body.find("\"error\""), std::string::npos) << response.body;
    EXPECT_EQ(OnlyRow().success, 1);
  }
  void ExpectBroken(const Response& response, int status) {
    EXPECT_FALSE(response.complete);
    EXPECT_EQ(response.body.find("[DONE]"), std::string::npos) << response.body;
    EXPECT_NE(response.body.find("data: {\"error\":"), std::string::npos) << response.body;
    EXPECT_EQ(OnlyRow().success, 0);
    EXPECT_EQ(OnlyRow().error_status, status);
  }

  RawProvider provider_;
};

TEST_F(StreamEndingTest, AnEndThatWasReadWithTheFirstTokenIsNotWaitedFor) {
  const std::string finish = Event(R"("content":"Hi")", R"("stop")");
  for (const std::string& last : {finish, finish.substr(0, finish.size() - 2), std::string("data: [DONE]"),
                                  std::string("data:[DONE]\n")}) {
    for (const bool role : {false, true}) {
      SCOPED_TRACE((role ? "role, " : "") + last);
      StartGatewayOfRaw("streaming = \"before_first_token\"\nstream_idle_ms = 2000\n");
      Answer({(role ? kRole : "") + last}, /*chunked=*/false);
      ExpectWhole(Stream());
      StartOver();
    }
  }
}

// As of providers that give a reason with every chunk.
const std::string kThink = Event(R"("reasoning":"hm")", R"("stop")");
const std::string kSay = Event(R"("content":"So be it")", R"("stop")");

TEST_F(StreamEndingTest, WhereEveryChunkHasAReasonACutIsACut) {
  for (const RawEnd end : {RawEnd::kFin, RawEnd::kReset}) {
    InEachMode("", [&] {
      Answer({kThink, kSay}, /*chunked=*/true, end);
      ExpectBroken(Stream(), 502);
    });
  }
  InEachMode("", [&] {
    Answer({kThink, kSay, kSay.substr(0, 20)}, /*chunked=*/false);
    ExpectBroken(Stream(), 502);
  });
}

TEST_F(StreamEndingTest, WhereEveryChunkHasAReasonSilenceIsNoEnd) {
  InEachMode("stream_idle_ms = 200\n", [&] {
    Answer({kThink, kSay}, /*chunked=*/true, RawEnd::kKeepAlive);
    ExpectBroken(Stream(), 504);
  });
}

TEST_F(StreamEndingTest, WhereEveryChunkHasAReasonTheMessagesEndAndDoneAreTheEnd) {
  InEachMode("", [&] {
    Answer({kThink, kSay, ""}, /*chunked=*/true);  // the last chunk
    ExpectWhole(Stream());
  });
  InEachMode("", [&] {
    Answer({kThink, kSay, kDone}, /*chunked=*/true, RawEnd::kKeepAlive);
    ExpectWhole(Stream());
  });
  InEachMode("", [&] {
    Answer({kThink, kSay.substr(0, kSay.size() - 2)}, /*chunked=*/false);
    ExpectWhole(Stream());
  });
}

TEST_F(StreamEndingTest, WhereAChoiceIsMissingTheConnectionsEndIsACut) {
  for (const bool chunked : {false, true}) {
    InEachMode("", [&] {
      Answer({kSay}, chunked);
      ExpectBroken(Stream("gpt-4o", R"(,"n":2)"), 502);
    });
    InEachMode("", [&] {
      Answer({kSay, Event("", R"("stop")", 1)}, chunked);
      ExpectWhole(Stream("gpt-4o", R"(,"n":2)"));
    });
  }
  InEachMode("", [&] {
    Answer({kSay, ""}, /*chunked=*/true);  // the provider gives no more
    ExpectWhole(Stream("gpt-4o", R"(,"n":2)"));
  });
}

TEST_F(StreamEndingTest, AChoiceThatEndsWithoutATokenIsNotBegunWithWhileOthersAreToCome) {
  StartGatewayOfRaw("streaming = \"before_first_token\"\n");
  for (const bool chunked : {false, true}) {
    Answer({kRole, Event("", R"("content_filter")")}, chunked);
    EXPECT_TRUE(IsOurError(Stream("gpt-4o", R"(,"n":2)"), 502, "upstream_invalid"));
  }
}

}  // namespace
}  // namespace integration_tests
