#include "mock_provider/answer/answer_plan.h"

#include <gtest/gtest.h>

#include "mock_provider/scenario/fault_kind.h"

namespace mock_provider {
namespace {

// The plan in one line, head and body told apart by their bytes: H, then the body; |9| a pause, FIN, RST.
std::string Read(const WirePlan& plan) {
  std::string text;
  for (const WireOp& op : plan.ops()) {
    if (op.kind == WireOp::Kind::kPause)
      text += op.ms == kForever ? "|ever|" : "|" + std::to_string(int(op.ms)) + "|";
    if (op.kind == WireOp::Kind::kClose) text += "FIN";
    if (op.kind == WireOp::Kind::kAbort) text += "RST";
    if (op.kind != WireOp::Kind::kWrite) continue;
    const std::size_t end = op.bytes.find("\r\n\r\n");
    text += op.bytes.starts_with("HTTP") && end != op.bytes.npos ? "H" + op.bytes.substr(end + 4) : op.bytes;
  }
  return text;
}

PlannedAnswer Plan(const Action& action, bool keep_alive = true, std::string body = "12345678") {
  HttpAnswer answer;
  answer.body = std::move(body);
  answer.keep_alive = keep_alive;
  DrawSequence draws({.seed = 1, .provider = "", .rule = "", .key = "", .n = 0});
  return PlanAnswer(answer, action, {}, {}, draws);
}

std::string Line(const Action& action, bool keep_alive = true) { return Read(Plan(action, keep_alive).plan); }

Action Hanging(Hang hang) { return {.hang = hang}; }

TEST(AnswerPlan, APlainAnswerIsOneWriteThatLeavesTheConnectionOpen) {
  EXPECT_EQ(Line({}), "H12345678");
  EXPECT_EQ(Plan({}).plan.ops().size(), 1u);
}

TEST(AnswerPlan, TheLastAnswerOfAConnectionEndsWithAClose) { EXPECT_EQ(Line({}, false), "H12345678FIN"); }

TEST(AnswerPlan, ADelayComesFirstWhateverElseThereIs) {
  EXPECT_EQ(Line({.delay_ms = Delay::Fixed(9)}), "|9|H12345678");
  EXPECT_EQ(Line({.delay_ms = Delay::Fixed(9), .fault = FaultKind::kReset}), "|9|RST");
  EXPECT_EQ(Line({.delay_ms = Delay::Fixed(9), .hang = Hang{}}), "|9||ever|FIN");
}

TEST(AnswerPlan, AHangStandsWhereItWasPut) {
  using At = Hang::At;
  EXPECT_EQ(Line(Hanging({.at = At::kBeforeHeaders, .for_ms = 5, .end = Hang::End::kReply})), "|5|H12345678");
  EXPECT_EQ(Line(Hanging({.at = At::kAfterHeaders, .for_ms = 5, .end = Hang::End::kReply})), "H|5|12345678");
  EXPECT_EQ(Line(Hanging({.at = At::kMidBody, .for_ms = 5, .end = Hang::End::kReply})), "H1234|5|5678");
}

TEST(AnswerPlan, AHangsEndIsTheEndOfTheAnswer) {
  EXPECT_EQ(Line(Hanging({.for_ms = 5, .end = Hang::End::kReset})), "|5|RST");
  EXPECT_EQ(Line(Hanging({.at = Hang::At::kMidBody, .for_ms = 5, .end = Hang::End::kFin})), "H1234|5|FIN");
  EXPECT_EQ(Line(Hanging({.at = Hang::At::kAfterHeaders})), "H|ever|FIN");
}

TEST(AnswerPlan, AHangAtAFrameLeavesAnAnswerThatIsNoStreamAlone) {
  EXPECT_EQ(Line(Hanging({.at = Hang::At::kFrame, .frame = 3, .for_ms = 5})), "H12345678");
}

TEST(AnswerPlan, ADripSlowsTheBodyAndNotTheHead) {
  EXPECT_EQ(Line({.drip_bytes_per_s = 20}), "H|50|1|50|2|50|3|50|4|50|5|50|6|50|7|50|8");
  EXPECT_EQ(Line({.drip_bytes_per_s = 80}), "H|50|1234|50|5678");
}

TEST(AnswerPlan, ADripIsOfAStreamsBytesHoweverManyFramesTheyAre) {
  HttpAnswer answer;
  answer.http10 = true;  // no bytes of chunks
  answer.keep_alive = false;
  answer.frames = {"12345678", "1234", "1"};
  DrawSequence draws({.seed = 1, .provider = "", .rule = "", .key = "", .n = 0});
  const Action drip = {.drip_bytes_per_s = 1000};
  EXPECT_EQ(Read(PlanAnswer(answer, drip, {}, {}, draws).plan), "H|8|12345678|4|1234|1|1FIN");
}

TEST(AnswerPlan, AFaultAndAHangAndADripGoTogether) {
  EXPECT_EQ(Line({.hang = Hang{.at = Hang::At::kMidBody, .for_ms = 7, .end = Hang::End::kReply},
                  .drip_bytes_per_s = 40,
                  .fault = FaultKind::kCloseMidBody}),
            "H|50|12|7||50|34FIN");
}

TEST(AnswerPlan, TheStatusIsTheOneTheClientGetsToRead) {
  EXPECT_EQ(Plan({}).head.status, 200);
  EXPECT_EQ(Plan({.fault = FaultKind::kReset}).head.status, 0);
  EXPECT_EQ(Plan({.fault = FaultKind::kHtmlError}).head.status, 502);
  EXPECT_EQ(Plan({.fault = FaultKind::kTruncatedJson}).head.status, 200);
  EXPECT_EQ(Plan({.fault = FaultKind::kCloseMidHeaders}).head.status, 200);
  EXPECT_EQ(Plan({.fault = FaultKind::kBadStatusLine}).head.status, 0);
  EXPECT_EQ(Plan({.fault = FaultKind::kRandomBytes}).head.status, 0);
}

TEST(AnswerPlan, AHangFromWhichNoByteComesHasNoStatus) {
  using At = Hang::At;
  EXPECT_EQ(Plan(Hanging({})).head.status, 0);
  EXPECT_EQ(Plan(Hanging({.for_ms = 5, .end = Hang::End::kReset})).head.status, 0);
  EXPECT_EQ(Plan(Hanging({.for_ms = 5, .end = Hang::End::kReply})).head.status, 200);
  EXPECT_EQ(Plan(Hanging({.at = At::kAfterHeaders})).head.status, 200);
  EXPECT_EQ(Plan({.delay_ms = Delay::Fixed(5)}).head.status, 200);
}

TEST(AnswerPlan, EveryFaultTakesAnEmptyBody) {
  for (const std::string& name : FaultNames()) {
    const PlannedAnswer planned = Plan({.fault = FaultByName(name)}, true, "");
    EXPECT_FALSE(planned.plan.ops().empty()) << name;
  }
}

}  // namespace
}  // namespace mock_provider
