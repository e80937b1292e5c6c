#include "mock_provider/rules/model_name_action.h"

#include <gtest/gtest.h>

namespace mock_provider {
namespace {

TEST(ModelNameAction, EachNameIsItsAction) {
  EXPECT_EQ(ActionByModelName("error:503")->action.error->status, 503);
  EXPECT_EQ(ActionByModelName("error:rate_limit")->action.error->kind, ErrorKind::kRateLimit);
  EXPECT_EQ(ActionByModelName("fault:reset")->action.fault, FaultKind::kReset);
  EXPECT_EQ(ActionByModelName("hang")->action.hang->at, Hang::At::kBeforeHeaders);
  EXPECT_EQ(ActionByModelName("hang:after_headers")->action.hang->at, Hang::At::kAfterHeaders);
  EXPECT_EQ(ActionByModelName("slow:2000")->action.delay_ms, Delay::Fixed(2000));
  EXPECT_EQ(ActionByModelName("drip:20")->action.drip_bytes_per_s, 20);
  EXPECT_TRUE(ActionByModelName("stream:cut")->action.frames->at.front().cut_mid_event);
  EXPECT_EQ(ActionByModelName("reply:Grüße: hallo")->action.reply->text, "Grüße: hallo");
  EXPECT_EQ(ActionByModelName("hang:frame 3")->action.hang->frame, 3);
  EXPECT_EQ(ActionByModelName("stream:comment")->action.frames->at.front().comment, "ping");
}

TEST(ModelNameAction, EveryEventOfAStreamGoesByItsFieldsNameToo) {
  for (const std::string field : {"stall_ms", "comment", "split_utf8", "malformed", "cut_mid_event",
                                  "error_event", "duplicate", "end", "omit_done", "delay_ms"}) {
    const auto named = ActionByModelName("frames:" + field);
    ASSERT_TRUE(named) << field;
    EXPECT_TRUE(named->mistake.empty() && named->action.frames) << field;
  }
}

TEST(ModelNameAction, AFrameIsOneThatAScenarioMayNameToo) {
  EXPECT_EQ(ActionByModelName("hang:frame 1000000")->action.hang->frame, kMaxFrame);
  EXPECT_NE(ActionByModelName("hang:frame 1000001")->mistake.find("1000000 at most"), std::string::npos);
}

TEST(ModelNameAction, OrdinaryNamesAreHealthyEvenWithAColon) {
  EXPECT_FALSE(ActionByModelName("gpt-4o"));
  EXPECT_FALSE(ActionByModelName("error"));
  EXPECT_FALSE(ActionByModelName("llama3:8b"));
  EXPECT_FALSE(ActionByModelName(""));
}

TEST(ModelNameAction, AWrongEndingSaysWhatWouldBeRight) {
  EXPECT_NE(ActionByModelName("error:1000")->mistake.find("400 to 599"), std::string::npos);
  EXPECT_NE(ActionByModelName("fault:rest")->mistake.find("reset"), std::string::npos);
  EXPECT_NE(ActionByModelName("stream:")->mistake.find("cut"), std::string::npos);
  EXPECT_NE(ActionByModelName("frames:x")->mistake.find("named frames:"), std::string::npos);
  EXPECT_NE(ActionByModelName("delay_ms:x")->mistake.find("named delay_ms:"), std::string::npos);
  EXPECT_FALSE(ActionByModelName("slow:x")->mistake.empty());
  EXPECT_FALSE(ActionByModelName("drip:0")->mistake.empty());
  EXPECT_FALSE(ActionByModelName("hang:nowhere")->mistake.empty());
  EXPECT_FALSE(ActionByModelName("hang:frame x")->mistake.empty());
  EXPECT_FALSE(ActionByModelName("hang:frame")->mistake.empty());
}

}  // namespace
}  // namespace mock_provider
