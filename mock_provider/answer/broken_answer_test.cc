#include "mock_provider/answer/broken_answer.h"

#include <gtest/gtest.h>

#include <optional>

namespace mock_provider {
namespace {

constexpr int kThree = 3;  // frames in the stream

Action AtFrame(FrameEvent event) { return {.frames = Frames{.at = {event}}}; }

TEST(BrokenAnswer, WholeAnswersAreNotBrokenHoweverSlowOrBadTheirNewsIs) {
  EXPECT_FALSE(Breaks({}, kThree));
  EXPECT_FALSE(Breaks({.error = ErrorAnswer{.status = 503}}, std::nullopt));
  EXPECT_FALSE(Breaks({.delay_ms = Delay::Fixed(5), .drip_bytes_per_s = 3}, std::nullopt));
  EXPECT_FALSE(Breaks({.hang = Hang{.for_ms = 5, .end = Hang::End::kReply}}, std::nullopt));
  EXPECT_FALSE(Breaks(AtFrame({.frame = 1, .stall_ms = 5, .comment = "c"}), kThree));
  EXPECT_FALSE(Breaks(AtFrame({.frame = 1, .split_utf8 = true}), kThree));
  EXPECT_FALSE(Breaks(AtFrame({.frame = 1, .duplicate = true}), kThree));
}

TEST(BrokenAnswer, FaultsHangsAndStreamsThatEndEarlyAre) {
  EXPECT_TRUE(Breaks({.fault = FaultKind::kCloseMidBody}, std::nullopt));
  EXPECT_TRUE(Breaks({.hang = Hang{}}, std::nullopt));
  EXPECT_TRUE(Breaks({.hang = Hang{.for_ms = 5, .end = Hang::End::kReset}}, std::nullopt));
  EXPECT_TRUE(Breaks({.frames = Frames{.omit_done = true}}, kThree));
  EXPECT_TRUE(Breaks(AtFrame({.frame = 1, .malformed = ""}), kThree));
  EXPECT_TRUE(Breaks(AtFrame({.frame = 1, .cut_json = true}), kThree));
  EXPECT_TRUE(Breaks(AtFrame({.frame = 1, .cut_mid_event = true}), kThree));
  EXPECT_TRUE(Breaks(AtFrame({.frame = 1, .error_event = ErrorAnswer{}}), kThree));
  EXPECT_TRUE(Breaks(AtFrame({.frame = 1, .end = FrameEvent::End::kFin}), kThree));
  EXPECT_TRUE(Breaks(AtFrame({.frame = 1, .end = FrameEvent::End::kClean}), kThree));
}

TEST(BrokenAnswer, WhatHappensToFramesHappensToStreamsOnly) {
  EXPECT_FALSE(Breaks(AtFrame({.frame = 1, .end = FrameEvent::End::kFin}), std::nullopt));
}

TEST(BrokenAnswer, WhatIsPutAtAFrameThatNeverComesDoesNotHappen) {
  for (const FrameEvent& event :
       {FrameEvent{.frame = 3, .malformed = ""}, FrameEvent{.frame = 3, .cut_mid_event = true},
        FrameEvent{.frame = 3, .error_event = ErrorAnswer{}},
        FrameEvent{.frame = 3, .end = FrameEvent::End::kFin}}) {
    EXPECT_FALSE(Breaks(AtFrame(event), kThree));
    EXPECT_TRUE(Breaks(AtFrame(event), 4));
  }
}

TEST(BrokenAnswer, AHangAtAFrameBreaksAStreamThatGetsThere) {
  EXPECT_TRUE(Breaks({.hang = Hang{.at = Hang::At::kFrame, .frame = 2}}, kThree));
  EXPECT_FALSE(Breaks({.hang = Hang{.at = Hang::At::kFrame, .frame = 3}}, kThree));
  EXPECT_FALSE(Breaks({.hang = Hang{.at = Hang::At::kFrame, .frame = 0}}, std::nullopt));
}

}  // namespace
}  // namespace mock_provider
