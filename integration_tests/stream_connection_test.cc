// What becomes of a provider's connection behind a stream's [DONE], which is all that a client waits for.
#include <gtest/gtest.h>

#include "integration_tests/gateway_test.h"
#include "integration_tests/raw_provider.h"
#include "integration_tests/wait_until.h"

namespace integration_tests {
namespace {

class StreamConnectionTest : public GatewayTest {
 protected:
  void SetUp() override {
    GatewayTest::SetUp();
    StartGatewayWith(ServerToml("threads = 1\n") + "[[providers]]\nname = \"raw\"\nurl = \"" +
                     provider_.url() + "\"\n");
  }

  // The stream up to [DONE], and what follows that in writes of its own.
  void AnswerWithRest(const std::vector<std::string>& rest) {
    RawAnswer answer{.pieces = {ChunkedEventStreamHead(),
                                Chunk("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"},"
                                      "\"finish_reason\":\"stop\"}]}\n\n"),
                                Chunk("data: [DONE]\n\n")},
                     .end = RawEnd::kKeepAlive};
    answer.pieces.insert(answer.pieces.end(), rest.begin(), rest.end());
    provider_.Answer(answer);
  }
  // A stream, once the provider has sent its answer to the last byte.
  void StreamToItsEnd(std::size_t number) {
    EXPECT_TRUE(Stream().complete);
    EXPECT_TRUE(WaitUntil([&] { return provider_.answered() == number; }));
  }

  RawProvider provider_;
};

TEST_F(StreamConnectionTest, AnEndThatComesByItselfGivesTheConnectionBack) {
  AnswerWithRest({"0\r\n\r\n"});
  for (std::size_t number = 1; number <= 10; ++number) StreamToItsEnd(number);
  // Each end has 50 ms, which a machine that is busy may exceed now and then.
  EXPECT_LT(provider_.connections(), 10u);
}

// The provider takes up one connection after the other: the second stream tells that the first's is closed.
TEST_F(StreamConnectionTest, AnEndThatDoesNotComeIsNotWaitedForForLong) {
  AnswerWithRest({});
  StreamToItsEnd(1);
  StreamToItsEnd(2);
  EXPECT_EQ(provider_.connections(), 2u);
}

TEST_F(StreamConnectionTest, WhatComesBehindTheEndIsNobodysAnswer) {
  AnswerWithRest({"0\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"});
  StreamToItsEnd(1);
  StreamToItsEnd(2);
  EXPECT_EQ(provider_.connections(), 2u);
}

}  // namespace
}  // namespace integration_tests
