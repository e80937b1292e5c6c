#include "mock_provider/verdict/verdict.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "mock_provider/verdict/testing_journal.h"

namespace mock_provider::verdict {
namespace {

using testing::Asked;
using testing::At;
using testing::LeftByClient;
using testing::Numbered;
using testing::StillOpen;
using testing::WithBody;
using testing::WithKey;
using testing::WithRetryAfter;

constexpr double kMuchLater = 3'600'000;

// The findings as "kind 1,2" separated by spaces; "ok" for none.
std::string Verdict(std::vector<JournalEntry> entries, double now_ms = kMuchLater) {
  std::string text;
  for (const Finding& finding : Judge(Numbered(std::move(entries)), now_ms, Thresholds())) {
    text += (text.empty() ? "" : " ") + finding.kind;
    for (std::size_t i = 0; i < finding.requests.size(); ++i)
      text += (i == 0 ? " " : ",") + std::to_string(finding.requests[i]);
    EXPECT_FALSE(finding.detail.empty());
  }
  return text.empty() ? "ok" : text;
}

TEST(Verdict, AGoodClientIsOk) {
  EXPECT_EQ(Verdict({}), "ok");
  // Backs off and grows, waits as long as it is asked to, keeps its key, and asks the same again later.
  EXPECT_EQ(Verdict({Asked(0, 10, 503), Asked(500, 510, 500), WithRetryAfter(Asked(1500, 1510, 429), 2000),
                     Asked(3515, 3600, 200), Asked(9000, 9100, 200)}),
            "ok");
  // Leaves a silent provider in time, and takes a final error for an answer.
  EXPECT_EQ(Verdict({LeftByClient(Asked(0, 5000, 0)), Asked(5001, 5100, 200),
                     WithBody(Asked(6000, 6010, 400), "wrong")}),
            "ok");
}

TEST(Verdict, AWaitCutShortIsRetryAfterIgnored) {
  EXPECT_EQ(Verdict({WithRetryAfter(Asked(0, 10, 429), 2000), Asked(600, 650, 200)}),
            "retry_after_ignored 1,2");
  EXPECT_EQ(Verdict({WithRetryAfter(Asked(0, 10, 503), 2000), Asked(1980, 1990, 200)}), "ok");
  EXPECT_EQ(Verdict({WithRetryAfter(Asked(0, 10, 503), 2000), At(Asked(20, 30, 200), "beta")}), "ok");
}

TEST(Verdict, AFinalErrorTriedAgainIsRetriedNonRetryable) {
  EXPECT_EQ(Verdict({Asked(0, 10, 400), Asked(600, 610, 400), Asked(1600, 1610, 200)}),
            "retried_non_retryable 1,2 retried_non_retryable 2,3");
}

TEST(Verdict, MoreAttemptsThanAnybodyNeedsAreARetryStorm) {
  std::vector<JournalEntry> entries;
  for (int i = 0; i < 6; ++i) entries.push_back(Asked(i * 1000, i * 1000 + 10, 503));
  EXPECT_EQ(Verdict(entries), "ok");
  entries.push_back(Asked(6000, 6010, 503));
  EXPECT_EQ(Verdict(entries), "retry_storm 1,2,3,4,5,6,7");
}

TEST(Verdict, ARetryAtOnceIsNoBackoffUnlessTheClientHadWaitedItself) {
  EXPECT_EQ(Verdict({Asked(0, 10, 503), Asked(15, 20, 200)}), "no_backoff 1,2");
  EXPECT_EQ(Verdict({Asked(0, 10, 0), Asked(15, 20, 200)}), "no_backoff 1,2");
  EXPECT_EQ(Verdict({LeftByClient(Asked(0, 3000, 0)), Asked(3001, 3010, 200)}), "ok");
}

TEST(Verdict, AWaitOfExactlyTheBoundIsLongEnough) {
  Thresholds exact;
  exact.retry_after_slack_ms = 0;
  for (int us = 0; us < 10'000; us += 7) {
    const auto ms = [&](int more_us) { return (1'000'567 + us + more_us) / 1000.0; };
    const auto backed_off = Numbered({Asked(ms(-10'000), ms(0), 503), Asked(ms(100'000), ms(101'000), 200)});
    ASSERT_TRUE(Judge(backed_off, kMuchLater, exact).empty()) << us;
    const auto waited = Numbered(
        {WithRetryAfter(Asked(ms(-10'000), ms(0), 429), 2000), Asked(ms(2'000'000), ms(2'001'000), 200)});
    ASSERT_TRUE(Judge(waited, kMuchLater, exact).empty()) << us;
  }
}

TEST(Verdict, AttemptsAtOneRequestNeedOneIdempotencyKey) {
  EXPECT_EQ(Verdict({WithKey(Asked(0, 10, 503), ""), WithKey(Asked(500, 510, 200), "")}),
            "idempotency_key_missing 1,2");
  EXPECT_EQ(Verdict({WithKey(Asked(0, 10, 503), "a"), WithKey(Asked(500, 510, 200), "b")}),
            "idempotency_key_changed 1,2");
  EXPECT_EQ(Verdict({WithKey(Asked(0, 10, 503), "a"), WithKey(Asked(500, 510, 200), "")}),
            "idempotency_key_missing 2");
  EXPECT_EQ(Verdict({WithKey(Asked(0, 10, 200), "")}), "ok");
}

TEST(Verdict, TheSameTwiceAtOneTimeAreParallelDuplicatesUnlessTheirKeysDiffer) {
  EXPECT_EQ(Verdict({Asked(0, 900, 200), Asked(100, 800, 200)}), "parallel_duplicates 1,2");
  EXPECT_EQ(Verdict({WithKey(Asked(0, 900, 200), "a"), WithKey(Asked(100, 800, 200), "b")}), "ok");
  EXPECT_EQ(Verdict({Asked(0, 900, 200), WithBody(Asked(100, 800, 200), "other")}), "ok");
}

TEST(Verdict, AFailureThatMayPassAndIsNeverTriedAgainIsGaveUp) {
  EXPECT_EQ(Verdict({Asked(0, 10, 503)}), "gave_up 1");
  EXPECT_EQ(Verdict({Asked(0, 10, 0)}), "gave_up 1");
  EXPECT_EQ(Verdict({WithRetryAfter(Asked(0, 10, 429), 20'000)}, 19'000), "ok") << "it was asked to wait";
  EXPECT_EQ(Verdict({WithRetryAfter(Asked(0, 10, 429), 61'000)}), "ok") << "nobody waits that long";
  EXPECT_EQ(Verdict({Asked(0, 10, 503), Asked(500, 510, 503)}), "ok") << "it tried again";
  EXPECT_EQ(Verdict({Asked(0, 10, 400)}), "ok") << "it would be the same next time";
}

TEST(Verdict, WhoJudgesWhileTheClientIsAtWorkCanGiveItTime) {
  const auto entries = Numbered({Asked(0, 10, 503)});
  Thresholds patient;
  patient.give_up_ms = 10'000;
  EXPECT_TRUE(Judge(entries, 9'000, patient).empty());
  EXPECT_EQ(Judge(entries, 11'000, patient).size(), 1u);
}

TEST(Verdict, GoingToAnotherProviderIsNoGivingUpEvenIfTheModelIsCalledSomethingElseThere) {
  EXPECT_EQ(Verdict({WithBody(Asked(0, 10, 503), R"({"model":"m","n":1})"),
                     At(WithBody(Asked(20, 30, 200), R"({"model":"vendor/m","n":1})"), "beta")}),
            "ok");
}

TEST(Verdict, GoingElsewhereInTheSameInstantIsNoGivingUpEither) {
  EXPECT_EQ(Verdict({Asked(0, 0, 503), At(Asked(0, 0, 200), "beta")}), "ok");
}

TEST(Verdict, WhoHasAskedAllProvidersOnceInVainHasNotGivenUpOnTheLast) {
  EXPECT_EQ(Verdict({Asked(0, 10, 503), At(Asked(20, 30, 503), "beta")}), "ok");
  EXPECT_EQ(Verdict({LeftByClient(Asked(0, 10, 0)), At(Asked(20, 30, 503), "beta")}), "ok");
  EXPECT_EQ(Verdict({Asked(0, 10, 200), At(Asked(20, 30, 503), "beta")}), "gave_up 2")
      << "the first had its answer, and is another request";
}

TEST(Verdict, AnErrorThatStaysOrAnotherClientsFailureExcusesNobody) {
  EXPECT_EQ(Verdict({Asked(0, 10, 400), At(Asked(20, 30, 503), "beta")}), "gave_up 2");
  EXPECT_EQ(Verdict({WithKey(Asked(0, 10, 503), "a"), WithKey(Asked(500, 510, 200), "a"),
                     At(WithKey(Asked(520, 530, 503), "b"), "beta")}),
            "gave_up 3");
  EXPECT_EQ(Verdict({WithKey(Asked(0, 10, 503), "a"), At(WithKey(Asked(15, 18, 400), "b"), "beta"),
                     At(WithKey(Asked(20, 30, 503), "a"), "beta")}),
            "ok")
      << "another client's request came between";
  EXPECT_EQ(Verdict({WithKey(Asked(0, 10, 503), ""), At(WithKey(Asked(20, 30, 503), "a"), "beta")}), "ok");
}

TEST(Verdict, ClientsWithKeysOfTheirOwnDoNotAnswerForEachOther) {
  EXPECT_EQ(Verdict({WithKey(Asked(0, 10, 503), "a"), WithKey(Asked(50, 60, 503), "b"),
                     WithKey(Asked(500, 510, 200), "b"), WithKey(Asked(600, 610, 200), "a")}),
            "ok");
  std::vector<JournalEntry> crowd;
  for (int round = 0; round < 2; ++round) {
    for (int user = 0; user < 20; ++user)
      crowd.push_back(WithKey(Asked(round * 1000 + user, round * 1000 + user + 0.5, round == 0 ? 503 : 200),
                              "user " + std::to_string(user)));
  }
  EXPECT_EQ(Verdict(crowd), "ok");
  EXPECT_EQ(Verdict({WithKey(Asked(0, 9000, 200), "a"), WithKey(Asked(100, 110, 503), "b"),
                     WithKey(Asked(2000, 2100, 200), "b")}),
            "ok")
      << "the first is open for its own sake";
  EXPECT_EQ(Verdict({WithKey(Asked(0, 2500, 200), "a"), WithKey(Asked(1200, 3700, 200), "b")}), "ok");
  EXPECT_EQ(Verdict({WithKey(Asked(0, 10, 400), "a"), WithKey(Asked(500, 510, 400), "b")}), "ok");
}

TEST(Verdict, WhatTheProviderSaysOfARetryWins) {
  JournalEntry hopeless = Asked(0, 10, 503);
  hopeless.should_retry = false;
  EXPECT_EQ(Verdict({hopeless}), "ok");
  EXPECT_EQ(Verdict({hopeless, Asked(500, 510, 200)}), "retried_non_retryable 1,2");
  JournalEntry passing = Asked(0, 10, 400);
  passing.should_retry = true;
  EXPECT_EQ(Verdict({passing}), "gave_up 1");
  EXPECT_EQ(Verdict({passing, Asked(500, 510, 200)}), "ok");
  JournalEntry good = Asked(0, 10, 200);
  good.should_retry = true;
  EXPECT_EQ(Verdict({good}), "ok");
}

TEST(Verdict, AUsedUpQuotaMayBeGivenUpOn) {
  JournalEntry entry = Asked(0, 10, 429);
  entry.action =
      std::make_shared<const Action>(Action{.error = ErrorAnswer{.kind = ErrorKind::kInsufficientQuota}});
  EXPECT_EQ(Verdict({entry}), "ok");
}

TEST(Verdict, AClientThatBearsAnySilenceHasNoTimeout) {
  JournalEntry quiet = Asked(0, 61'000, 200);
  quiet.silence_ms = 61'000;
  EXPECT_EQ(Verdict({quiet}), "no_timeout 1");
  quiet.silence_ms = 59'000;
  EXPECT_EQ(Verdict({quiet}), "ok");
  EXPECT_EQ(Verdict({StillOpen(Asked(0, 0, 200))}, 59'000), "ok");
  EXPECT_EQ(Verdict({StillOpen(Asked(0, 0, 200))}, 61'000), "no_timeout 1");
}

TEST(Verdict, AnAttemptLeftOpenBehindItsRetryIsKeptReadingAfterCancel) {
  EXPECT_EQ(Verdict({Asked(0, 20'000, 200), Asked(5000, 5100, 200)}), "kept_reading_after_cancel 1,2");
  EXPECT_EQ(Verdict({StillOpen(Asked(0, 0, 200)), Asked(5000, 5100, 200)}, 8000),
            "kept_reading_after_cancel 1,2");
  EXPECT_EQ(Verdict({LeftByClient(Asked(0, 5500, 200)), Asked(5000, 5100, 200)}), "ok");
}

TEST(Verdict, EveryKindOfFindingIsListed) {
  const std::vector<std::string> kinds = Kinds();
  EXPECT_EQ(kinds.size(), 10u);
  for (const char* kind : {"retry_after_ignored", "idempotency_key_changed", "kept_reading_after_cancel"})
    EXPECT_NE(std::find(kinds.begin(), kinds.end(), kind), kinds.end()) << kind;
}

TEST(Verdict, ItsJsonSaysOkOrListsWhatWasFound) {
  EXPECT_EQ(VerdictJson({}, 3), R"({"ok":true,"requests":3,"findings":[]})");
  EXPECT_EQ(VerdictJson({{.kind = "gave_up", .requests = {4}, .detail = "a 503"}}, 4),
            R"({"ok":false,"requests":4,"findings":[{"kind":"gave_up","requests":[4],"detail":"a 503"}]})");
}

}  // namespace
}  // namespace mock_provider::verdict
