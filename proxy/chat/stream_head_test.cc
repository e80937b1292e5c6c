#include "proxy/chat/stream_head.h"

#include <gtest/gtest.h>

#include <string>

namespace arbstr::proxy {
namespace {

using State = StreamHead::State;

const std::string kRole =
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n";
const std::string kToken = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n";
const std::string kFinish = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
const std::string kDone = "data: [DONE]\n\n";
const std::string kError = "data: {\"error\":{\"message\":\"overloaded\"}}\n\n";
const std::string kMalformed = "data: {not json\n\n";
const std::string kComment = ": still working\n\n";

class StreamHeadTest : public testing::Test {
 protected:
  State Look(const std::string& bytes, bool ended = false) { return head_.Look(bytes, ended); }

  simdjson::dom::parser parser_;
  StreamHead head_{{}, parser_};
};

TEST_F(StreamHeadTest, IsOpenUntilSomethingComes) {
  EXPECT_EQ(Look(""), State::kOpen);
  EXPECT_EQ(Look(kComment), State::kOpen);
  EXPECT_EQ(Look(kComment + kRole), State::kOpen);
  EXPECT_EQ(Look(kComment + kRole + kToken.substr(0, kToken.size() - 1)), State::kOpen);
  EXPECT_EQ(Look(kComment + kRole + kToken), State::kBegun);
}

TEST_F(StreamHeadTest, StaysWhatItHasBecome) {
  EXPECT_EQ(Look(kToken), State::kBegun);
  EXPECT_EQ(Look(kToken + kError, true), State::kBegun);
  EXPECT_EQ(head_.state(), State::kBegun);
}

TEST_F(StreamHeadTest, AnErrorEventBeforeTheFirstTokenIsAFailure) {
  EXPECT_EQ(Look(kRole + kError + kToken), State::kError);
  EXPECT_EQ(head_.data(), R"({"error":{"message":"overloaded"}})");
  EXPECT_EQ(head_.error_message(), "overloaded");
}

TEST_F(StreamHeadTest, AMalformedEventBeforeTheFirstTokenIsAFailure) {
  EXPECT_EQ(Look(kRole + kMalformed + kToken), State::kMalformed);
  EXPECT_EQ(head_.data(), "{not json");
}

TEST_F(StreamHeadTest, AMalformedEventBehindItIsNone) {
  EXPECT_EQ(Look(kRole + kToken + kMalformed), State::kBegun);
}

TEST_F(StreamHeadTest, AnEventWithoutDataSaysNothing) {
  EXPECT_EQ(Look("data:\n\n" + kComment + "\n\nid: 5\n\nevent: ping\n\n"), State::kOpen);
}

TEST_F(StreamHeadTest, AnEndBeforeAnythingCameIsAnAnswerWhereTheProviderSaysSo) {
  EXPECT_EQ(Look(kRole + kDone), State::kDone);
  StreamHead bare({}, parser_), finished({}, parser_);
  EXPECT_EQ(bare.Look(kDone, false), State::kDone);
  EXPECT_EQ(finished.Look(kRole + kFinish, false), State::kBegun) << "nothing that matters can follow";
}

TEST_F(StreamHeadTest, AChoiceThatEndsWithoutATokenIsNoAnswerWhileOthersAreToCome) {
  const std::string other = "data: {\"choices\":[{\"index\":1,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
  for (const bool until_close : {false, true}) {
    const StreamShape shape{.choices = 2, .until_close = until_close};
    StreamHead head(shape, parser_), ended(shape, parser_);
    EXPECT_EQ(head.Look(kRole + kFinish, false), State::kOpen);
    EXPECT_EQ(head.Look(kRole + kFinish + other, false), State::kBegun);
    EXPECT_EQ(ended.Look(kRole + kFinish, true), until_close ? State::kCut : State::kBegun);
  }
}

TEST_F(StreamHeadTest, AnyOtherEndIsACut) {
  for (const std::string& bytes :
       {std::string(), kComment, kRole, kRole + kToken.substr(0, kToken.size() - 2), kRole + "data: [DON",
        std::string("{\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}")}) {
    StreamHead head({}, parser_);
    EXPECT_EQ(head.Look(bytes, false), State::kOpen) << bytes;
    EXPECT_EQ(head.Look(bytes, true), State::kCut) << bytes;
  }
}

TEST_F(StreamHeadTest, ALastEventThatLacksItsEmptyLineCountsAtTheEnd) {
  const auto at_end = [&](const std::string& event, bool ended) {
    StreamHead head({}, parser_);
    return head.Look(kRole + event.substr(0, event.size() - 2), ended);
  };
  EXPECT_EQ(at_end(kFinish, false), State::kOpen);
  EXPECT_EQ(at_end(kFinish, true), State::kBegun);
  EXPECT_EQ(at_end(kDone, true), State::kDone);
  EXPECT_EQ(at_end(kError, true), State::kError);
}

TEST_F(StreamHeadTest, ADoneIsNotWaitedBehind) {
  EXPECT_EQ(Look(kRole + "data: [DONE]"), State::kOpen);
  EXPECT_EQ(Look(kRole + "data: [DONE]\n"), State::kDone);
}

TEST_F(StreamHeadTest, NoMoreThanItsLimitIsHeldBack) {
  const std::string comments =
      ":" + std::string(StreamHead::kMaxBytes - kRole.size() - 4, 'x') + "\n\n" + kRole;
  ASSERT_EQ(comments.size(), StreamHead::kMaxBytes - 1);
  EXPECT_EQ(Look(comments), State::kOpen);
  EXPECT_EQ(Look(comments + ":"), State::kBegun) << "whole events or not";
}

TEST_F(StreamHeadTest, WhatEndsPastTheLimitIsNotLookedAt) {
  const std::string filling = ":" + std::string(StreamHead::kMaxBytes - 3 - kError.size(), 'x') + "\n\n";
  EXPECT_EQ(Look(filling + kError), State::kError);
  StreamHead behind({}, parser_);
  EXPECT_EQ(behind.Look("\n" + filling + kError, false), State::kBegun);
}

TEST_F(StreamHeadTest, AnEventOfAMebibyteIsRead) {
  EXPECT_EQ(Look(kRole + "data: {\"error\":\"" + std::string(StreamHead::kMaxBytes - 200, 'x') + "\"}\n\n"),
            State::kError);
}

}  // namespace
}  // namespace arbstr::proxy
