#include "mock_provider/broken_answer.h"

#include <gtest/gtest.h>

namespace mock_provider {
namespace {

Action AtFrame(FrameEvent event) { return {.frames = Frames{.at = {event}}}; }

TEST(BrokenAnswer, WholeAnswersAreNotBrokenHoweverSlowOrBadTheirNewsIs) {
  EXPECT_FALSE(Breaks({}, true));
  EXPECT_FALSE(Breaks({.error = ErrorAnswer{.status = 503}}, false));
  EXPECT_FALSE(Breaks({.delay_ms = Delay::Fixed(5), .drip_bytes_per_s = 3}, false));
  EXPECT_FALSE(Breaks({.hang = Hang{.for_ms = 5, .end = Hang::End::kReply}}, false));
  EXPECT_FALSE(Breaks(AtFrame({.frame = 1, .stall_ms = 5, .comment = "c"}), true));
  EXPECT_FALSE(Breaks(AtFrame({.frame = 1, .split_utf8 = true}), true));
  EXPECT_FALSE(Breaks(AtFrame({.frame = 1, .duplicate = true}), true));
}

TEST(BrokenAnswer, FaultsHangsAndStreamsThatEndEarlyAre) {
  EXPECT_TRUE(Breaks({.fault = FaultKind::kCloseMidBody}, false));
  EXPECT_TRUE(Breaks({.hang = Hang{}}, false));
  EXPECT_TRUE(Breaks({.hang = Hang{.for_ms = 5, .end = Hang::End::kReset}}, false));
  EXPECT_TRUE(Breaks({.frames = Frames{.omit_done = true}}, true));
  EXPECT_TRUE(Breaks(AtFrame({.frame = 1, .malformed = ""}), true));
  EXPECT_TRUE(Breaks(AtFrame({.frame = 1, .cut_mid_event = true}), true));
  EXPECT_TRUE(Breaks(AtFrame({.frame = 1, .error_event = ErrorAnswer{}}), true));
  EXPECT_TRUE(Breaks(AtFrame({.frame = 1, .end = FrameEvent::End::kFin}), true));
}

TEST(BrokenAnswer, WhatHappensToFramesHappensToStreamsOnly) {
  EXPECT_FALSE(Breaks(AtFrame({.frame = 1, .end = FrameEvent::End::kFin}), false));
}

}  // namespace
}  // namespace mock_provider
