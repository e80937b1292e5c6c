#include "mock_provider/answer/frame_script.h"

#include <gtest/gtest.h>

namespace mock_provider {
namespace {

constexpr const char* kWord = "data: {\"Grüße\"}\n\n";

// A plan after its head in one line: a frame's bytes without chunking, |250| for a pause, ~20~ for a
// real-time one, FIN, RST,
// "." for the last chunk.
std::string Read(const WirePlan& plan) {
  std::string text;
  for (std::size_t i = 1; i < plan.ops().size(); ++i) {
    const WireOp& op = plan.ops()[i];
    switch (op.kind) {
      case WireOp::Kind::kWrite:
        if (op.bytes == kLastChunk) {
          text += ".";
        } else {
          const std::size_t data = op.bytes.find("\r\n") + 2;
          text += op.bytes.substr(data, op.bytes.size() - data - 2);
        }
        break;
      case WireOp::Kind::kPause:
        text += "|" + std::to_string(static_cast<int>(op.ms)) + "|";
        break;
      case WireOp::Kind::kSettle:
        text += "~" + std::to_string(static_cast<int>(op.ms)) + "~";
        break;
      case WireOp::Kind::kClose:
        text += "FIN";
        break;
      case WireOp::Kind::kAbort:
        text += "RST";
        break;
    }
  }
  return text;
}

std::string Play(StreamScript script, std::vector<std::string> frames = {"A", "B", "C", "data: [DONE]\n\n"}) {
  script.error_event = [](const ErrorAnswer& error) { return "E" + std::to_string(error.status); };
  HttpAnswer answer;
  answer.frames = std::move(frames);
  DrawSequence draws({.seed = 1, .provider = "", .rule = "", .key = "", .n = 0});
  return Read(WriteStream(answer, script, draws));
}

std::string PlayAt(std::vector<FrameEvent> at) { return Play({.frames = {.at = std::move(at)}}); }

const std::string kDone = "data: [DONE]\n\n";

TEST(FrameScript, AHealthyStreamIsItsFramesAndTheLastChunk) { EXPECT_EQ(Play({}), "ABC" + kDone + "."); }

TEST(FrameScript, OmitDoneEndsTheBodyProperly) { EXPECT_EQ(Play({.frames = {.omit_done = true}}), "ABC."); }

TEST(FrameScript, TheDelayComesBetweenFrames) {
  EXPECT_EQ(Play({.frames = {.delay_ms = Delay::Fixed(9)}}), "A|9|B|9|C|9|" + kDone + ".");
}

TEST(FrameScript, ThePaceOfAProviderWaitsForTheFirstFrameToo) {
  EXPECT_EQ(Play({.pace = {.ttft_ms = Delay::Fixed(300), .tps = 10}}),
            "|300|A|100|B|100|C|100|" + kDone + ".");
}

TEST(FrameScript, StallAndCommentComeBeforeTheirFrame) {
  EXPECT_EQ(PlayAt({{.frame = 1, .stall_ms = 50, .comment = "ping"}}), "A|50|: ping\n\nBC" + kDone + ".");
}

TEST(FrameScript, MalformedErrorEventAndDuplicateTakeTheFramesPlace) {
  EXPECT_EQ(PlayAt({{.frame = 1, .malformed = "{oops"}}), "Adata: {oops\n\nC" + kDone + ".");
  EXPECT_EQ(PlayAt({{.frame = 1, .error_event = ErrorAnswer{.status = 503}}}), "AE503C" + kDone + ".");
  EXPECT_EQ(PlayAt({{.frame = 1, .duplicate = true}}), "ABBC" + kDone + ".");
}

TEST(FrameScript, MalformedAloneCutsTheFramesJsonShort) {
  EXPECT_EQ(Play({.frames = {.at = {{.frame = 0, .cut_json = true}}}}, {"data: {12}\n\n"}), "data: \n\n.");
  EXPECT_EQ(PlayAt({{.frame = 1, .malformed = ""}}), "Adata: \n\nC" + kDone + ".");
}

TEST(FrameScript, CutMidEventAndEndEndTheStream) {
  EXPECT_EQ(Play({.frames = {.at = {{.frame = 1, .cut_mid_event = true}}}}, {"A", "BBCC", "D"}), "ABBFIN");
  EXPECT_EQ(PlayAt({{.frame = 2, .end = FrameEvent::End::kFin}}), "ABFIN");
  EXPECT_EQ(PlayAt({{.frame = 2, .end = FrameEvent::End::kReset}}), "ABRST");
  EXPECT_EQ(PlayAt({{.frame = 2, .end = FrameEvent::End::kClean}}), "AB.");
  EXPECT_EQ(Play({.frames = {.at = {{.frame = 1, .cut_mid_event = true, .end = FrameEvent::End::kReset}}}},
                 {"A", "BBCC"}),
            "ABBRST");
}

TEST(FrameScript, EntriesForOneFrameRunInListOrder) {
  EXPECT_EQ(PlayAt({{.frame = 1, .error_event = ErrorAnswer{.status = 503}},
                    {.frame = 1, .stall_ms = 5},
                    {.frame = 1, .end = FrameEvent::End::kFin}}),
            "AE503|5|FIN");
}

TEST(FrameScript, TheHalvesOfASplitCharacterLeaveApart) {
  const std::string word = kWord;
  const std::size_t cut = word.find("ü") + 1;
  EXPECT_EQ(Play({.frames = {.at = {{.frame = 0, .split_utf8 = true}}}}, {word}),
            word.substr(0, cut) + "~20~" + word.substr(cut) + ".");
}

TEST(FrameScript, AHangAtAFrameComesBeforeIt) {
  const Hang hang{.at = Hang::At::kFrame, .frame = 2, .for_ms = 70, .end = Hang::End::kReset};
  EXPECT_EQ(Play({.hang = hang}), "AB|70|RST");
  EXPECT_EQ(Play({.hang = Hang{.at = Hang::At::kFrame, .frame = 2, .for_ms = 70, .end = Hang::End::kReply}}),
            "AB|70|C" + kDone + ".");
}

TEST(FrameScript, AHangAtAFrameThatNeverComesDoesNotHappen) {
  const Hang hang{.at = Hang::At::kFrame, .frame = 4, .for_ms = 70, .end = Hang::End::kFin};
  EXPECT_EQ(Play({.hang = hang}), "ABC" + kDone + ".");
}

}  // namespace
}  // namespace mock_provider
