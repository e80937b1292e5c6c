#include "mock_provider/upstream/relay_writer.h"

#include <gtest/gtest.h>

namespace mock_provider {
namespace {

// The steps as a text: what is written, then |, and a word for anything else.
std::string Steps(const WirePlan& plan) {
  std::string steps;
  for (const WireOp& op : plan.ops()) {
    switch (op.kind) {
      case WireOp::Kind::kWrite:
        steps += op.bytes.starts_with("HTTP/1.1") ? "HEAD|" : op.bytes + "|";
        break;
      case WireOp::Kind::kPause:
        steps += "pause|";
        break;
      case WireOp::Kind::kSettle:
        steps += "settle|";
        break;
      case WireOp::Kind::kClose:
        steps += "FIN";
        break;
      case WireOp::Kind::kAbort:
        steps += "RST";
        break;
    }
  }
  return steps;
}

class RelayWriterTest : public ::testing::Test {
 protected:
  RelayWriter Make(const RelayWriter::Body& body, const HttpAnswer& head = {}) {
    script_.frames = action_.frames.value_or(Frames{});
    script_.hang = action_.hang;
    return RelayWriter(head, body, action_, script_, draws_);
  }

  Action action_;
  StreamScript script_;
  DrawSequence draws_{DrawPoint{}};
};

TEST_F(RelayWriterTest, ABodyOfKnownLengthLeavesAsItComesAndIsFinishedWithItsLastByte) {
  RelayWriter writer = Make({.length = 4});
  EXPECT_EQ(Steps(writer.Take()), "HEAD|");
  writer.Add("ab");
  EXPECT_EQ(Steps(writer.Take()), "ab|");
  EXPECT_FALSE(writer.Finished());
  writer.Add("cd");
  EXPECT_EQ(Steps(writer.Take()), "cd|");
  EXPECT_TRUE(writer.Finished());
  writer.End();
  EXPECT_EQ(Steps(writer.Take()), "");
}

TEST_F(RelayWriterTest, AnAnswerWithoutABodyIsFinishedWithItsHead) {
  RelayWriter empty = Make({.length = 0});
  EXPECT_TRUE(empty.Finished());
  EXPECT_EQ(Steps(empty.Take()), "HEAD|");
  RelayWriter announced = Make({.length = 50, .none = true});
  EXPECT_TRUE(announced.Finished());
  EXPECT_EQ(Steps(announced.Take()), "HEAD|");
  HttpAnswer last;
  last.keep_alive = false;
  EXPECT_EQ(Steps(Make({.length = 0}, last).Take()), "HEAD|FIN");
  action_.hang = Hang{.at = Hang::At::kAfterHeaders, .frame = 0, .for_ms = 5, .end = Hang::End::kReply};
  EXPECT_EQ(Steps(Make({.length = 0}).Take()), "HEAD|pause|");
}

TEST_F(RelayWriterTest, OneOfUnknownLengthLeavesInChunksOrUntilTheEndOfAnOldClientsConnection) {
  RelayWriter chunks = Make({});
  chunks.Add("ab");
  chunks.End();
  EXPECT_EQ(Steps(chunks.Take()), "HEAD|2\r\nab\r\n|0\r\n\r\n|");
  HttpAnswer old;
  old.http10 = true;
  RelayWriter plain = Make({}, old);
  plain.Add("ab");
  plain.End();
  EXPECT_EQ(Steps(plain.Take()), "HEAD|ab|FIN");
}

TEST_F(RelayWriterTest, EventsLeaveOneByOneWhateverPiecesTheyComeIn) {
  RelayWriter writer = Make({.events = true});
  writer.Add("data: 1\n\nda");
  EXPECT_EQ(Steps(writer.Take()), "HEAD|9\r\ndata: 1\n\n\r\n|");
  writer.Add("ta: 2\n\ndata: 3\n\n");
  EXPECT_EQ(Steps(writer.Take()), "9\r\ndata: 2\n\n\r\n|9\r\ndata: 3\n\n\r\n|");
  writer.End();
  EXPECT_EQ(Steps(writer.Take()), "0\r\n\r\n|");
}

TEST_F(RelayWriterTest, FramesOfAnActionActOnTheProvidersEvents) {
  action_.frames.emplace();
  action_.frames->at = {{.frame = 1, .stall_ms = 5, .duplicate = true},
                        {.frame = 2, .end = FrameEvent::End::kReset}};
  RelayWriter writer = Make({.events = true});
  writer.Add("a\n\nb\n\nc\n\nd\n\n");
  EXPECT_TRUE(writer.Finished());
  EXPECT_EQ(Steps(writer.Take()), "HEAD|3\r\na\n\n\r\n|pause|3\r\nb\n\n\r\n|3\r\nb\n\n\r\n|RST");
}

TEST_F(RelayWriterTest, AnActionThatEndsTheEventsCleanlyEndsTheBodyAsItIsFramed) {
  action_.frames.emplace();
  action_.frames->at = {{.frame = 1, .end = FrameEvent::End::kClean}};
  RelayWriter writer = Make({.events = true});
  writer.Add("a\n\nb\n\nc\n\n");
  EXPECT_TRUE(writer.Finished());
  EXPECT_EQ(Steps(writer.Take()), "HEAD|3\r\na\n\n\r\n|0\r\n\r\n|");
  HttpAnswer last;
  last.keep_alive = false;
  RelayWriter closing = Make({.events = true}, last);
  closing.Add("a\n\nb\n\n");
  EXPECT_EQ(Steps(closing.Take()), "HEAD|3\r\na\n\n\r\n|0\r\n\r\n|FIN");
}

TEST_F(RelayWriterTest, ACutLeavesWhatHasComeAndThenFin) {
  RelayWriter events = Make({.events = true});
  events.Add("a\n\nb");
  events.Cut();
  EXPECT_EQ(Steps(events.Take()), "HEAD|3\r\na\n\n\r\n|1\r\nb\r\n|FIN");
  RelayWriter plain = Make({.length = 10});
  plain.Add("abc");
  plain.Cut();
  EXPECT_EQ(Steps(plain.Take()), "HEAD|abc|FIN");
  EXPECT_TRUE(plain.Finished());
}

TEST_F(RelayWriterTest, AHangAfterTheHeadersComesBeforeTheFirstByte) {
  action_.hang = Hang{.at = Hang::At::kAfterHeaders, .frame = 0, .for_ms = 5, .end = Hang::End::kReply};
  RelayWriter writer = Make({.length = 2});
  writer.Add("ab");
  EXPECT_EQ(Steps(writer.Take()), "HEAD|pause|ab|");
  action_.hang->end = Hang::End::kReset;
  RelayWriter reset = Make({.events = true});
  EXPECT_TRUE(reset.Finished());
  EXPECT_EQ(Steps(reset.Take()), "HEAD|pause|RST");
}

TEST_F(RelayWriterTest, ADripSlowsTheBodyDownAndNotTheHead) {
  action_.drip_bytes_per_s = 1;
  RelayWriter writer = Make({.length = 2});
  writer.Add("ab");
  EXPECT_EQ(Steps(writer.Take()), "HEAD|pause|a|pause|b|");
}

TEST_F(RelayWriterTest, AClientThatWantsTheConnectionClosedGetsItClosed) {
  HttpAnswer head;
  head.keep_alive = false;
  RelayWriter writer = Make({.length = 2}, head);
  writer.Add("ab");
  EXPECT_EQ(Steps(writer.Take()), "HEAD|ab|FIN");
}

TEST(PlaysOnPieces, WhatBreaksTheFramingOrSeeksTheMiddleNeedsTheWhole) {
  Action action;
  EXPECT_TRUE(PlaysOnPieces(action));
  action.hang = Hang{.at = Hang::At::kFrame};
  EXPECT_TRUE(PlaysOnPieces(action));
  action.hang = Hang{.at = Hang::At::kMidBody};
  EXPECT_FALSE(PlaysOnPieces(action));
  action.hang.reset();
  action.fault = FaultKind::kTruncatedJson;
  EXPECT_FALSE(PlaysOnPieces(action));
}

}  // namespace
}  // namespace mock_provider
