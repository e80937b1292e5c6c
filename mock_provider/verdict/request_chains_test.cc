#include "mock_provider/verdict/request_chains.h"

#include <gtest/gtest.h>

#include <string>

#include "mock_provider/verdict/attempt.h"
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

// Chains as "1-2 3", and after it those beside each other as "|1+2".
std::string Linked(std::vector<JournalEntry> entries) {
  const JournalView journal = Numbered(std::move(entries));
  const RequestChains requests = LinkRequests(journal, Thresholds());
  std::string text;
  for (const Chain& chain : requests.chains) {
    if (!text.empty()) text += " ";
    for (std::size_t i = 0; i < chain.size(); ++i)
      text += (i == 0 ? "" : "-") + std::to_string(chain[i]->seq);
  }
  for (const auto& [open, second] : requests.beside)
    text += "|" + std::to_string(open->seq) + "+" + std::to_string(second->seq);
  return text;
}

TEST(RequestChains, AFailureIsFollowedByItsRetryAndAnAnswerIsFollowedByANewRequest) {
  EXPECT_EQ(Linked({Asked(0, 10, 503), Asked(500, 510, 503), Asked(1500, 1510, 200), Asked(2000, 2010, 200)}),
            "1-2-3 4");
}

TEST(RequestChains, OtherBodiesAndOtherProvidersAreOtherRequests) {
  EXPECT_EQ(Linked({Asked(0, 10, 503), WithBody(Asked(20, 30, 503), "other"), At(Asked(40, 50, 503), "beta"),
                    Asked(500, 510, 200)}),
            "1-4 2 3");
}

TEST(RequestChains, WhatIsNoPostIsNoRequest) {
  JournalEntry list = Asked(0, 10, 503);
  list.method = "GET";
  EXPECT_EQ(Linked({list, list}), "");
}

TEST(RequestChains, TheSameAtOnceIsBesideAndLaterItIsARetryAsWell) {
  EXPECT_EQ(Linked({Asked(0, 900, 200), Asked(300, 800, 200)}), "1 2|1+2");
  EXPECT_EQ(Linked({StillOpen(Asked(0, 0, 200)), Asked(5000, 5010, 200)}), "1-2|1+2");
}

TEST(RequestChains, AnEndThatIsNoticedALittleLateIsNoOverlap) {
  EXPECT_EQ(Linked({LeftByClient(Asked(0, 2020, 0)), Asked(2000, 2100, 200)}), "1-2");
}

TEST(RequestChains, ARetryFollowsWhatHasWaitedLongest) {
  EXPECT_EQ(Linked({Asked(0, 300, 503), Asked(5, 400, 503), Asked(810, 820, 200), Asked(900, 910, 200)}),
            "1-3 2-4|1+2");
}

TEST(RequestChains, AnotherKeyIsThatOfARetryOnlyAfterWhatCallsForOne) {
  const auto then = [](const JournalEntry& first) {
    return Linked({WithKey(first, "a"), WithKey(Asked(1200, 3700, 200), "b")});
  };
  EXPECT_EQ(then(Asked(0, 10, 503)), "1-2");
  EXPECT_EQ(then(LeftByClient(Asked(0, 1100, 0))), "1-2");
  EXPECT_EQ(then(Asked(0, 10, 400)), "1 2");
  EXPECT_EQ(then(Asked(0, 10, 200)), "1 2");
  EXPECT_EQ(then(Asked(0, 2500, 200)), "1 2") << "the first was open still";
  EXPECT_EQ(then(Asked(0, 2500, 503)), "1 2");
}

TEST(RequestChains, AKeyThatIsUsedAgainIsNotGivenUp) {
  const JournalEntry first = WithKey(Asked(0, 10, 503), "a"), second = WithKey(Asked(500, 510, 503), "b");
  EXPECT_EQ(Linked({first, second, WithKey(Asked(900, 910, 200), "a")}), "1-3 2");
  EXPECT_EQ(Linked({first, second, WithKey(Asked(900, 910, 200), "c")}), "1-2-3");
}

TEST(RequestChains, AFullJournalOfRequestsThatNothingFollowsIsLinkedInNoTime) {
  constexpr int kEntries = 100'000;
  std::vector<JournalEntry> entries;
  for (int i = 0; i < kEntries; ++i) entries.push_back(WithKey(Asked(i, i + 0.5, 404), std::to_string(i)));
  const JournalView journal = Numbered(std::move(entries));
  EXPECT_EQ(LinkRequests(journal, Thresholds()).chains.size(), kEntries) << "and not in minutes";
}

TEST(Attempt, AnOutcomeIsWhatItLetsTheClientDoNext) {
  EXPECT_EQ(OutcomeOf(StillOpen(Asked(0, 0, 200))), Outcome::kOpen);
  EXPECT_EQ(OutcomeOf(Asked(0, 1, 200)), Outcome::kAnswered);
  for (const int status : {400, 401, 403, 404, 413, 422, 501, 505})
    EXPECT_EQ(OutcomeOf(Asked(0, 1, status)), Outcome::kFinal) << status;
  for (const int status : {0, 408, 409, 425, 429, 500, 502, 503, 504, 529})
    EXPECT_EQ(OutcomeOf(Asked(0, 1, status)), Outcome::kRetryable) << status;
  EXPECT_EQ(OutcomeOf(LeftByClient(Asked(0, 1, 503))), Outcome::kLeft);
  JournalEntry cut = Asked(0, 1, 200);
  cut.broken = true;
  EXPECT_EQ(OutcomeOf(cut), Outcome::kRetryable);
}

TEST(Attempt, AQuestionIsTheBodyWithoutTheModelsName) {
  EXPECT_EQ(Question(WithBody(Asked(0, 1, 200), R"({"model": "gpt-4o","n":1})")),
            Question(WithBody(Asked(0, 1, 200), R"({"model": "openai/gpt-4o","n":1})")));
  EXPECT_NE(Question(WithBody(Asked(0, 1, 200), R"({"model":"a","n":1})")),
            Question(WithBody(Asked(0, 1, 200), R"({"model":"a","n":2})")));
  for (const char* odd : {"", "model", "\"model\"", "\"model\":\"", "\"model\":5"})
    EXPECT_EQ(Question(WithBody(Asked(0, 1, 200), odd)), QuestionText(odd, ""));
}

}  // namespace
}  // namespace mock_provider::verdict
