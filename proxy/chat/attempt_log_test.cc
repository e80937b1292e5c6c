#include "proxy/chat/attempt_trail.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace arbstr::proxy {
namespace {

using std::chrono::milliseconds;

class AttemptTrailTest : public testing::Test {
 protected:
  AttemptTrail::TimePoint At(int ms) const {
    return AttemptTrail::TimePoint() + std::chrono::hours(1) + milliseconds(ms);
  }
  void Attempt(const std::string& provider, int begin, int end, int status, bool failed, int waited = 0) {
    trail_.Begin(provider, At(begin), milliseconds(waited));
    trail_.End(status, failed ? "went wrong" : "",
               failed ? AttemptVerdict::kFailed : AttemptVerdict::kAnswered, At(end));
  }

  const std::string alpha_ = "alpha", beta_ = "beta";
  AttemptTrail trail_{At(0)};
};

TEST_F(AttemptTrailTest, BeforeTheFirstAttemptThereIsNothing) {
  EXPECT_EQ(trail_.attempts(), 0);
  EXPECT_FALSE(trail_.any_failed());
  EXPECT_EQ(trail_.last_provider(), nullptr);
  EXPECT_EQ(trail_.Retries(), "");
  EXPECT_EQ(trail_.Json(), "[]");
}

TEST_F(AttemptTrailTest, FailuresAreToldInOrderWithTheirReasons) {
  EXPECT_EQ(trail_.Failures(), "");
  Attempt(alpha_, 0, 7, 503, true);
  Attempt(alpha_, 10, 13, 200, false);
  Attempt(beta_, 20, 21, 502, true);
  EXPECT_EQ(trail_.Failures(), "alpha 503 after 7 ms: went wrong; beta 502 after 1 ms: went wrong");
}

TEST_F(AttemptTrailTest, FailedAttemptsAreCountedPerProviderInOrderOfFirstFailure) {
  Attempt(beta_, 0, 5, 503, true);
  EXPECT_EQ(trail_.Retries(), "1/beta");
  Attempt(alpha_, 10, 15, 502, true);
  Attempt(beta_, 20, 25, 503, true);
  EXPECT_EQ(trail_.Retries(), "2/beta, 1/alpha");
  Attempt(alpha_, 30, 35, 200, false);
  EXPECT_EQ(trail_.Retries(), "2/beta, 1/alpha");
  EXPECT_EQ(trail_.attempts(), 4);
  EXPECT_EQ(*trail_.last_provider(), "alpha");
}

TEST_F(AttemptTrailTest, AFinalAnswerIsNoFailedAttempt) {
  Attempt(alpha_, 0, 5, 400, false);
  EXPECT_EQ(trail_.Retries(), "");
  EXPECT_FALSE(trail_.any_failed());
}

TEST_F(AttemptTrailTest, OfAnAnswerThatLooksLikeACutTheRowDoesNotSayEnough) {
  EXPECT_FALSE(trail_.TellsMoreThanTheRow());
  trail_.Begin(alpha_, At(0), milliseconds(0));
  EXPECT_FALSE(trail_.TellsMoreThanTheRow());
  for (const int status : {499, 500, 503}) {
    trail_.End(status, "cut", AttemptVerdict::kCut, At(1));
    EXPECT_FALSE(trail_.TellsMoreThanTheRow());
    trail_.End(status, "its own", AttemptVerdict::kAnswered, At(1));
    EXPECT_TRUE(trail_.TellsMoreThanTheRow());
    EXPECT_FALSE(trail_.any_failed());
  }
  for (const int status : {200, 400, 501, 502, 504}) {
    trail_.End(status, "", AttemptVerdict::kAnswered, At(1));
    EXPECT_FALSE(trail_.TellsMoreThanTheRow());
  }
}

TEST_F(AttemptTrailTest, TheLogSaysWhatWasTriedInOrder) {
  Attempt(alpha_, 0, 12, 503, true);
  Attempt(beta_, 1012, 1020, 200, false, 1000);
  EXPECT_EQ(trail_.Json(),
            R"([{"provider":"alpha","at_ms":0,"ms":12,"status":503,"error":"went wrong","waited_ms":0},)"
            R"({"provider":"beta","at_ms":1012,"ms":8,"status":200,"error":null,"waited_ms":1000}])");
}

TEST_F(AttemptTrailTest, AStreamThatBrokeLaterEndsItsAttemptAgain) {
  Attempt(alpha_, 0, 10, 200, false);
  trail_.End(502, "cut", AttemptVerdict::kFailed, At(50));
  EXPECT_EQ(trail_.attempts(), 1);
  EXPECT_EQ(trail_.Retries(), "1/alpha");
  EXPECT_EQ(trail_.Json(),
            R"([{"provider":"alpha","at_ms":0,"ms":50,"status":502,"error":"cut","waited_ms":0}])");
}

TEST_F(AttemptTrailTest, WhatAProviderSaidNeedNotBeUtf8) {
  trail_.Begin(alpha_, At(0), milliseconds(0));
  trail_.End(502, "\"\xff\n", AttemptVerdict::kFailed, At(1));
  EXPECT_EQ(nlohmann::json::parse(trail_.Json())[0]["error"], "\"\xef\xbf\xbd\n");
}

}  // namespace
}  // namespace arbstr::proxy
