#include "proxy/chat/attempt_log.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace arbstr::proxy {
namespace {

using std::chrono::milliseconds;

class AttemptLogTest : public testing::Test {
 protected:
  AttemptLog::TimePoint At(int ms) const {
    return AttemptLog::TimePoint() + std::chrono::hours(1) + milliseconds(ms);
  }
  void Attempt(const std::string& provider, int begin, int end, int status, bool failed, int waited = 0) {
    log_.Begin(provider, At(begin), milliseconds(waited));
    log_.End(status, failed ? "went wrong" : "", failed ? AttemptVerdict::kFailed : AttemptVerdict::kAnswered,
             At(end));
  }

  const std::string alpha_ = "alpha", beta_ = "beta";
  AttemptLog log_{At(0)};
};

TEST_F(AttemptLogTest, BeforeTheFirstAttemptThereIsNothing) {
  EXPECT_EQ(log_.attempts(), 0);
  EXPECT_FALSE(log_.any_failed());
  EXPECT_EQ(log_.last_provider(), nullptr);
  EXPECT_EQ(log_.Retries(), "");
  EXPECT_EQ(log_.Json(), "[]");
}

TEST_F(AttemptLogTest, FailuresAreToldInOrderWithTheirReasons) {
  EXPECT_EQ(log_.Failures(), "");
  Attempt(alpha_, 0, 7, 503, true);
  Attempt(alpha_, 10, 13, 200, false);
  Attempt(beta_, 20, 21, 502, true);
  EXPECT_EQ(log_.Failures(), "alpha 503 after 7 ms: went wrong; beta 502 after 1 ms: went wrong");
}

TEST_F(AttemptLogTest, FailedAttemptsAreCountedPerProviderInOrderOfFirstFailure) {
  Attempt(beta_, 0, 5, 503, true);
  EXPECT_EQ(log_.Retries(), "1/beta");
  Attempt(alpha_, 10, 15, 502, true);
  Attempt(beta_, 20, 25, 503, true);
  EXPECT_EQ(log_.Retries(), "2/beta, 1/alpha");
  Attempt(alpha_, 30, 35, 200, false);
  EXPECT_EQ(log_.Retries(), "2/beta, 1/alpha");
  EXPECT_EQ(log_.attempts(), 4);
  EXPECT_EQ(*log_.last_provider(), "alpha");
}

TEST_F(AttemptLogTest, AFinalAnswerIsNoFailedAttempt) {
  Attempt(alpha_, 0, 5, 400, false);
  EXPECT_EQ(log_.Retries(), "");
  EXPECT_FALSE(log_.any_failed());
}

TEST_F(AttemptLogTest, OfAnAnswerThatLooksLikeACutTheRowDoesNotSayEnough) {
  EXPECT_FALSE(log_.TellsMoreThanTheRow());
  log_.Begin(alpha_, At(0), milliseconds(0));
  EXPECT_FALSE(log_.TellsMoreThanTheRow());
  for (const int status : {499, 500, 503}) {
    log_.End(status, "cut", AttemptVerdict::kCut, At(1));
    EXPECT_FALSE(log_.TellsMoreThanTheRow());
    log_.End(status, "its own", AttemptVerdict::kAnswered, At(1));
    EXPECT_TRUE(log_.TellsMoreThanTheRow());
    EXPECT_FALSE(log_.any_failed());
  }
  for (const int status : {200, 400, 501, 502, 504}) {
    log_.End(status, "", AttemptVerdict::kAnswered, At(1));
    EXPECT_FALSE(log_.TellsMoreThanTheRow());
  }
}

TEST_F(AttemptLogTest, TheLogSaysWhatWasTriedInOrder) {
  Attempt(alpha_, 0, 12, 503, true);
  Attempt(beta_, 1012, 1020, 200, false, 1000);
  EXPECT_EQ(log_.Json(),
            R"([{"provider":"alpha","at_ms":0,"ms":12,"status":503,"error":"went wrong","waited_ms":0},)"
            R"({"provider":"beta","at_ms":1012,"ms":8,"status":200,"error":null,"waited_ms":1000}])");
}

TEST_F(AttemptLogTest, AStreamThatBrokeLaterEndsItsAttemptAgain) {
  Attempt(alpha_, 0, 10, 200, false);
  log_.End(502, "cut", AttemptVerdict::kFailed, At(50));
  EXPECT_EQ(log_.attempts(), 1);
  EXPECT_EQ(log_.Retries(), "1/alpha");
  EXPECT_EQ(log_.Json(),
            R"([{"provider":"alpha","at_ms":0,"ms":50,"status":502,"error":"cut","waited_ms":0}])");
}

TEST_F(AttemptLogTest, WhatAProviderSaidNeedNotBeUtf8) {
  log_.Begin(alpha_, At(0), milliseconds(0));
  log_.End(502, "\"\xff\n", AttemptVerdict::kFailed, At(1));
  EXPECT_EQ(nlohmann::json::parse(log_.Json())[0]["error"], "\"\xef\xbf\xbd\n");
}

}  // namespace
}  // namespace arbstr::proxy
