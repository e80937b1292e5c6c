// Streams as a client sees them.
#include <gtest/gtest.h>

#include <chrono>

#include "mock_provider/mock_provider.h"
#include "mock_provider/testing_raw_client.h"

namespace mock_provider {
namespace {

using std::chrono::milliseconds;
using testing::ChatRequestText;
using testing::Ending;
using testing::RawClient;
using testing::Received;
using testing::Unchunked;

constexpr const char* kStream = R"(,"stream":true)";
constexpr const char* kPatient = "data: [DONE]\n\n\r\n0\r\n\r\n";

class StreamsSocketTest : public ::testing::Test {
 protected:
  void Play(const std::string& step) {
    auto mock = MockProvider::StartJson(R"({"rules":[{"script":[)" + step + "]}]}");
    ASSERT_TRUE(mock.ok()) << mock.status();
    mock_ = *std::move(mock);
  }

  Received Stream(const std::string& until = "") {
    RawClient client(mock_->port("mock"));
    client.Send(ChatRequestText("m", kStream));
    return client.ReadUntil(until);
  }

  std::unique_ptr<MockProvider> mock_;
};

TEST_F(StreamsSocketTest, AHealthyStreamIsChunkedAndEndsWithDoneOnAConnectionThatStaysOpen) {
  Play(R"({"reply":{"text":"one two"}})");
  RawClient client(mock_->port("mock"));
  for (int round = 0; round < 2; ++round) {
    client.Send(ChatRequestText("m", kStream));
    const Received received = client.ReadUntil(kPatient);
    ASSERT_EQ(received.ending, Ending::kOpen);
    EXPECT_NE(received.Head().find("content-type: text/event-stream"), std::string::npos);
    EXPECT_NE(Unchunked(received.Body()).find(R"("content":" two")"), std::string::npos);
  }
}

TEST_F(StreamsSocketTest, TheHalvesOfASplitCharacterAreReadApart) {
  Play(R"({"reply":{"text":"Grüße"},"frames":{"at":[{"frame":1,"split_utf8":true}]}})");
  const Received received = Stream(kPatient);
  EXPECT_NE(Unchunked(received.Body()).find("Grüße"), std::string::npos);
  bool split = false;
  for (const auto& read : received.reads) {
    split = split || read.bytes.ends_with("Gr\xc3\r\n") || read.bytes.find("\r\n\xbc") != std::string::npos;
    EXPECT_EQ(read.bytes.find("ü"), std::string::npos);
  }
  EXPECT_TRUE(split);
}

TEST_F(StreamsSocketTest, ACutInsideAnEventEndsWithAFinAndNoLastChunk) {
  Play(R"({"frames":{"at":[{"frame":2,"cut_mid_event":true}]}})");
  const Received received = Stream();
  EXPECT_EQ(received.ending, Ending::kFin);
  EXPECT_FALSE(Unchunked(received.Body()).ends_with("\n\n"));
  EXPECT_FALSE(received.bytes.ends_with("0\r\n\r\n"));
}

TEST_F(StreamsSocketTest, AResetAtAFrameComesAfterTheFramesBeforeIt) {
  Play(R"({"reply":{"text":"one two"},"frames":{"at":[{"frame":2,"end":"reset"}]}})");
  const Received received = Stream();
  EXPECT_EQ(received.ending, Ending::kReset);
  EXPECT_NE(received.bytes.find(R"("content":"one")"), std::string::npos);
  EXPECT_EQ(received.bytes.find("two"), std::string::npos);
}

TEST_F(StreamsSocketTest, ACleanEndIsAWholeBodyOfHalfAnAnswerOnAConnectionThatStaysOpen) {
  Play(R"({"reply":{"text":"one two"},"frames":{"at":[{"frame":2,"end":"clean"}]}})");
  RawClient client(mock_->port("mock"));
  for (int round = 0; round < 2; ++round) {
    client.Send(ChatRequestText("m", kStream));
    const Received received = client.ReadUntil("\r\n0\r\n\r\n");
    ASSERT_EQ(received.ending, Ending::kOpen);
    const std::string body = Unchunked(received.Body());
    EXPECT_TRUE(body.ends_with("}\n\n")) << body;
    EXPECT_NE(body.find("\"one\""), std::string::npos);
    for (const char* later : {"two", "\"stop\"", "[DONE]"}) EXPECT_EQ(body.find(later), std::string::npos);
  }
  const auto journal = mock_->Journal();
  ASSERT_EQ(journal.size(), 2u);
  EXPECT_TRUE(journal[0].broken);
  EXPECT_TRUE(journal[0].end_ms);
  EXPECT_FALSE(journal[0].closed_by);
}

TEST_F(StreamsSocketTest, AnErrorEventStandsInTheMiddleOfTheAnswer) {
  Play(
      R"({"reply":{"text":"one two"},"frames":{"at":[{"frame":2,"error_event":"overloaded"},{"frame":2,"end":"fin"}]}})");
  const Received received = Stream();
  EXPECT_EQ(received.ending, Ending::kFin);
  const std::string body = Unchunked(received.Body());
  EXPECT_LT(body.find("\"one\""), body.find("server_is_overloaded"));
  EXPECT_EQ(body.find("[DONE]"), std::string::npos);
}

TEST_F(StreamsSocketTest, AStallHoldsTheStreamUntilTheClockHasPassedIt) {
  Play(R"({"reply":{"text":"one two"},"frames":{"at":[{"frame":2,"stall_ms":60000}]}})");
  mock_->FreezeClock();
  RawClient client(mock_->port("mock"));
  client.Send(ChatRequestText("m", kStream));
  EXPECT_EQ(client.ReadUntil("\"one\"").bytes.find("two"), std::string::npos);
  mock_->AdvanceClock(milliseconds(60'000));
  EXPECT_NE(client.ReadUntil(kPatient).bytes.find("two"), std::string::npos);
}

TEST_F(StreamsSocketTest, OneLongAdvancePlaysAllTheDelaysItPasses) {
  Play(R"({"reply":{"text":"a b c d e f g h"},"frames":{"delay_ms":1000}})");
  mock_->FreezeClock();
  RawClient client(mock_->port("mock"));
  client.Send(ChatRequestText("m", kStream));
  client.ReadUntil("assistant");
  mock_->AdvanceClock(milliseconds(60'000));
  EXPECT_EQ(client.ReadUntil(kPatient).ending, Ending::kOpen);
}

TEST_F(StreamsSocketTest, AClientOfHttp10GetsAStreamWithoutChunks) {
  Play(R"({"reply":{"text":"one two"}})");
  RawClient client(mock_->port("mock"));
  std::string request = ChatRequestText("m", kStream);
  client.Send(request.replace(request.find("HTTP/1.1"), 8, "HTTP/1.0"));
  const Received received = client.ReadToEnd();
  EXPECT_EQ(received.ending, Ending::kFin);
  EXPECT_EQ(received.bytes.find("chunked"), std::string::npos);
  EXPECT_TRUE(received.bytes.ends_with("data: [DONE]\n\n"));
}

TEST_F(StreamsSocketTest, APlainRequestMeetsNoFrames) {
  Play(R"({"reply":{"text":"one"},"frames":{"at":[{"frame":0,"end":"reset"}]}})");
  const Received received = testing::Ask(mock_->port("mock"), "m");
  EXPECT_EQ(received.ending, Ending::kFin);
  EXPECT_NE(received.Body().find("\"one\""), std::string::npos);
}

}  // namespace
}  // namespace mock_provider
