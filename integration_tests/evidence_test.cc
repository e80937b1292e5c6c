// When a row is there, and what it tells of time; equality_test.cc counts rows under chaos.
#include <gtest/gtest.h>

#include <csignal>

#include "integration_tests/gateway_test.h"

namespace integration_tests {
namespace {

class EvidenceTest : public GatewayTest {};

TEST_F(EvidenceTest, ARowTellsWhenAndHowLong) {
  Start(R"({"rules":[{"script":[{"delay_ms":60}]}]})");
  const Response response = Chat();
  EXPECT_GE(std::stoi(response.Header("x-arbstr-latency-ms")), 60);
  const Row row = OnlyRow();
  EXPECT_EQ(std::to_string(row.latency_ms), response.Header("x-arbstr-latency-ms"));
  EXPECT_FALSE(row.stream_duration_ms);
  // 2026-01-31T12:00:00.123Z
  ASSERT_EQ(row.timestamp.size(), 24u);
  EXPECT_EQ(row.timestamp[10], 'T');
  EXPECT_EQ(row.timestamp[19], '.');
  EXPECT_EQ(row.timestamp[23], 'Z');
  EXPECT_EQ(row.correlation_id[14], '7') << "a UUID of version 7";
}

TEST_F(EvidenceTest, WithBeforeResponseTheRowIsThereWhenTheAnswerIs) {
  Start(R"({})", {.database = "durability = \"before_response\"\n"});
  for (std::size_t n = 1; n <= 20; ++n) {
    EXPECT_EQ((n % 2 ? Chat() : Stream()).status, 200);
    ASSERT_EQ(ReadRows(database()).size(), n) << "no waiting";
  }
}

TEST_F(EvidenceTest, AKilledGatewayLosesNothingThatAClientSawFinishedWithBeforeResponse) {
  Start(R"({})", {.database = "durability = \"before_response\"\n"});
  std::size_t answered = 0;
  for (; answered < 10; ++answered) ASSERT_EQ(Chat().status, 200);
  RowsMayDiffer();  // a killed gateway has not written all lines
  gateway().Signal(SIGKILL);
  ASSERT_TRUE(gateway().WaitForExit());
  ExpectExitStatus(128 + SIGKILL);
  EXPECT_EQ(ReadRows(database()).size(), answered);
  StartGateway({.database = "durability = \"before_response\"\n"});
  EXPECT_EQ(Chat().status, 200);
  EXPECT_EQ(Rows(11).size(), 11u);
}

}  // namespace
}  // namespace integration_tests
