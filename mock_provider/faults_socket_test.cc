// Every fault as a client sees it: the bytes on the wire and how the connection ended.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "mock_provider/mock_provider.h"
#include "mock_provider/scenario/fault_kind.h"
#include "mock_provider/testing_raw_client.h"

namespace mock_provider {
namespace {

using testing::Ask;
using testing::ChatRequestText;
using testing::Ending;
using testing::RawClient;
using testing::Received;
using testing::Unchunked;

// Model names choose the faults: "fault:NAME".
class FaultsSocketTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto mock = MockProvider::Start(DefaultScenario());
    ASSERT_TRUE(mock.ok()) << mock.status();
    mock_ = *std::move(mock);
    port_ = mock_->port("mock");
  }

  // On a connection that the client would keep.
  Received Meet(const std::string& fault, const std::string& members = "") {
    RawClient client(port_);
    client.Send(ChatRequestText("fault:" + fault, members));
    return client.ReadToEnd();
  }

  // For faults that leave the connection open: the client asks for its end.
  Received MeetFramed(const std::string& fault) { return Ask(port_, "fault:" + fault); }

  static std::size_t ContentLength(const Received& received) {
    const std::size_t at = received.bytes.find("Content-Length: ");
    return at == std::string::npos ? 0 : std::stoul(received.bytes.substr(at + 16));
  }

  static bool IsJson(const std::string& text) { return nlohmann::json::accept(text); }

  std::unique_ptr<MockProvider> mock_;
  std::uint16_t port_ = 0;
};

TEST_F(FaultsSocketTest, ResetIsARstWithoutAByte) {
  const Received received = Meet("reset");
  EXPECT_EQ(received.ending, Ending::kReset);
  EXPECT_EQ(received.bytes, "");
}

TEST_F(FaultsSocketTest, CloseIsAFinWithoutAByte) {
  const Received received = Meet("close");
  EXPECT_EQ(received.ending, Ending::kFin);
  EXPECT_EQ(received.bytes, "");
}

TEST_F(FaultsSocketTest, CloseMidHeadersStopsInsideTheHead) {
  const Received received = Meet("close_mid_headers");
  EXPECT_EQ(received.ending, Ending::kFin);
  EXPECT_TRUE(received.bytes.starts_with("HTTP/1.1 200 OK\r\n")) << received.bytes;
  EXPECT_EQ(received.bytes.find("\r\n\r\n"), std::string::npos);
}

TEST_F(FaultsSocketTest, CloseMidBodySendsSomeOfTheBodyAndNotAll) {
  for (const std::string members : {"", R"(,"stream":true)"}) {
    const Received received = Meet("close_mid_body", members);
    EXPECT_EQ(received.ending, Ending::kFin);
    EXPECT_GE(received.Body().size(), 1u);
    EXPECT_LT(received.Body().size(), ContentLength(received));
  }
}

TEST_F(FaultsSocketTest, RandomBytesAreNoHttpAndTheSameForTheSameSeed) {
  const Received received = Meet("random_bytes");
  EXPECT_EQ(received.ending, Ending::kFin);
  EXPECT_EQ(received.bytes.size(), 256u);
  EXPECT_NE(received.bytes.substr(0, 4), "HTTP");
  mock_->Reset();
  EXPECT_EQ(Meet("random_bytes").bytes, received.bytes);
}

TEST_F(FaultsSocketTest, AnEmptyBodyIsACompleteAnswerOfNothing) {
  const Received received = MeetFramed("empty_body");
  EXPECT_TRUE(received.bytes.starts_with("HTTP/1.1 200 OK\r\n"));
  EXPECT_NE(received.bytes.find("Content-Length: 0\r\n"), std::string::npos);
  EXPECT_EQ(received.Body(), "");
}

TEST_F(FaultsSocketTest, InvalidAndTruncatedJsonAndTheHtmlErrorAreFramedRight) {
  for (const std::string fault : {"invalid_json", "truncated_json", "html_error"}) {
    const Received received = MeetFramed(fault);
    EXPECT_EQ(received.ending, Ending::kFin) << fault;
    EXPECT_FALSE(IsJson(received.Body())) << fault;
    EXPECT_GT(received.Body().size(), 0u) << fault;
    EXPECT_EQ(received.Body().size(), ContentLength(received)) << fault;
  }
  EXPECT_TRUE(MeetFramed("html_error").bytes.starts_with("HTTP/1.1 502 Bad Gateway\r\n"));
}

TEST_F(FaultsSocketTest, AContentLengthTooLongAnnouncesMoreThanTheWholeBody) {
  const Received received = Meet("content_length_too_long");
  EXPECT_EQ(received.ending, Ending::kFin);
  EXPECT_TRUE(IsJson(received.Body()));
  EXPECT_GT(ContentLength(received), received.Body().size());
}

TEST_F(FaultsSocketTest, AContentLengthTooShortLeavesASurplusInFrontOfTheNextAnswer) {
  RawClient client(port_);
  client.Send(ChatRequestText("fault:content_length_too_short"));
  const Received received = client.ReadUntil("}}");
  EXPECT_EQ(received.ending, Ending::kOpen);
  EXPECT_TRUE(IsJson(received.Body()));
  EXPECT_LT(ContentLength(received), received.Body().size());
}

TEST_F(FaultsSocketTest, ABadChunkSizeComesAfterAGoodChunk) {
  const Received received = Meet("bad_chunk_size");
  EXPECT_EQ(received.ending, Ending::kFin);
  EXPECT_NE(received.bytes.find("Transfer-Encoding: chunked"), std::string::npos);
  EXPECT_GT(Unchunked(received.Body()).size(), 0u);
  EXPECT_NE(received.Body().find("\r\nzz\r\n"), std::string::npos);
}

TEST_F(FaultsSocketTest, AMissingLastChunkLeavesOnlyTheEndOut) {
  for (const std::string members : {"", R"(,"stream":true)"}) {
    const Received received = Meet("missing_last_chunk", members);
    EXPECT_EQ(received.ending, Ending::kFin);
    const std::string body = Unchunked(received.Body());
    EXPECT_TRUE(members.empty() ? IsJson(body) : body.ends_with("data: [DONE]\n\n")) << body;
    EXPECT_FALSE(received.bytes.ends_with("0\r\n\r\n"));
  }
}

TEST_F(FaultsSocketTest, HugeHeadersAreMoreThan64KiB) {
  const Received received = MeetFramed("huge_headers");
  EXPECT_GT(received.Head().size(), 64u << 10);
  EXPECT_TRUE(IsJson(received.Body()));
}

TEST_F(FaultsSocketTest, ABadStatusLineHasNoNumber) {
  const Received received = Meet("bad_status_line");
  EXPECT_EQ(received.ending, Ending::kFin);
  EXPECT_TRUE(received.bytes.starts_with("HTTP/1.1 OK ")) << received.bytes;
}

TEST_F(FaultsSocketTest, TwoContentLengthsDiffer) {
  const Received received = Meet("duplicate_content_length");
  EXPECT_EQ(received.ending, Ending::kFin);
  const std::size_t first = received.bytes.find("Content-Length: ");
  const std::size_t second = received.bytes.find("Content-Length: ", first + 1);
  ASSERT_NE(second, std::string::npos);
  EXPECT_NE(std::stoul(received.bytes.substr(first + 16)), std::stoul(received.bytes.substr(second + 16)));
}

TEST_F(FaultsSocketTest, FaultsWithoutChunkInTheirNameUseContentLengthForStreamsToo) {
  for (const std::string& fault : FaultNames()) {
    const Received received = Ask(port_, "fault:" + fault, R"(,"stream":true)");
    const bool chunk = fault.find("chunk") != std::string::npos || fault == "MALFORMED_RESPONSE_CHUNK";
    if (!chunk) {
      EXPECT_EQ(received.bytes.find("chunked"), std::string::npos) << fault;
    }
    EXPECT_NE(received.ending, Ending::kTimeout) << fault;
  }
}

TEST_F(FaultsSocketTest, AFaultComesOnlyWhenALargeRequestHasArrivedWhole) {
  const std::string large = R"(,"padding":")" + std::string(4 << 20, 'x') + "\"";
  const Received received = Meet("reset", large);
  EXPECT_EQ(received.ending, Ending::kReset);
  const auto journal = mock_->Journal();
  ASSERT_EQ(journal.size(), 1u);
  EXPECT_GT(journal[0].body.size(), 4u << 20);
}

}  // namespace
}  // namespace mock_provider
