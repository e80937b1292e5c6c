#include "mock_provider/admin/expectation.h"

#include <gtest/gtest.h>

namespace mock_provider {
namespace {

JournalEntry Asked(std::uint64_t seq, double arrival_ms, const std::string& model,
                   const std::string& provider = "alpha") {
  JournalEntry entry;
  entry.seq = seq;
  entry.arrival_ms = arrival_ms;
  entry.provider = provider;
  entry.method = "POST";
  entry.target = "/v1/chat/completions";
  entry.body = R"({"model":")" + model + "\"}";
  return entry;
}

const std::vector<JournalEntry> kJournal = {Asked(1, 0, "gpt-4o"), Asked(2, 1000, "gpt-4o"),
                                            Asked(3, 1200, "o3", "beta"), Asked(4, 3000, "gpt-4o")};

// The differences, a line each; "as expected" for none; "mistake" for what is no expectation.
std::string Differences(const std::string& json) {
  const auto expectation = ParseExpectation(json, {"alpha", "beta"});
  if (!expectation.ok()) return "mistake";
  std::string text;
  for (const std::string& line : Verify(*expectation, kJournal).differences) text += line + "\n";
  return text.empty() ? "as expected" : text;
}

TEST(Expectation, ACountIsOfTheRequestsThatMatch) {
  EXPECT_EQ(Differences(R"({"count":4})"), "as expected");
  EXPECT_EQ(Differences(R"({"match":{"model":"gpt*"},"count":3})"), "as expected");
  EXPECT_EQ(Differences(R"({"provider":"beta","count":1})"), "as expected");
  EXPECT_EQ(Differences(R"({"match":{"model":"o3"},"count":2})"), "count: 2 expected, 1 found\n");
}

TEST(Expectation, GapsAreBetweenTheArrivalsOfThoseThatMatch) {
  EXPECT_EQ(Differences(R"({"match":{"model":"gpt*"},"min_gap_ms":900,"max_gap_ms":2000})"), "as expected");
  EXPECT_EQ(Differences(R"({"min_gap_ms":900})"),
            "requests 2 and 3 came 200 ms apart, less than min_gap_ms 900\n");
  EXPECT_EQ(Differences(R"({"match":{"model":"gpt*"},"max_gap_ms":1500})"),
            "requests 2 and 4 came 2000 ms apart, more than max_gap_ms 1500\n");
}

TEST(Expectation, AGapThatIsExactlyTheBoundIsWithinIt) {
  const auto exactly = ParseExpectation(R"({"min_gap_ms":500,"max_gap_ms":500})", {});
  ASSERT_TRUE(exactly.ok());
  for (int us = 0; us < 10'000; us += 7) {
    const double first = (834'567 + us) / 1000.0, second = (1'334'567 + us) / 1000.0;
    const auto found = Verify(*exactly, {Asked(1, first, "m"), Asked(2, second, "m")});
    ASSERT_TRUE(found.differences.empty()) << found.differences[0];
  }
  EXPECT_EQ(Verify(*exactly, {Asked(1, 0, "m"), Asked(2, 499.999, "m")}).differences,
            std::vector<std::string>{"requests 1 and 2 came 499.999 ms apart, less than min_gap_ms 500"});
}

TEST(Expectation, AnOrderLetsOthersLieBetween) {
  EXPECT_EQ(Differences(R"({"order":[{"model":"gpt*"},{"model":"o3"},{"model":"gpt*"}]})"), "as expected");
  EXPECT_EQ(Differences(R"({"order":[{"provider":"beta"},{"provider":"alpha","match":{"model":"gpt*"}}]})"),
            "as expected");
  EXPECT_EQ(Differences(R"({"order":[{"model":"o3"},{"model":"o3"}]})"),
            "order[1]: no request after 3 fits\n");
  EXPECT_EQ(Differences(R"({"order":[{"model":"claude*"}]})"), "order[0]: no request fits\n");
}

TEST(Expectation, EveryDifferenceIsNamedAtOnce) {
  EXPECT_EQ(Differences(R"({"count":5,"min_gap_ms":900,"order":[{"model":"x"}]})"),
            "count: 5 expected, 4 found\nrequests 2 and 3 came 200 ms apart, less than min_gap_ms 900\n"
            "order[0]: no request fits\n");
}

TEST(Expectation, NothingIsAsExpectedWhereTheJournalHasForgottenRequests) {
  const auto wanted = ParseExpectation(R"({"count":2})", {});
  ASSERT_TRUE(wanted.ok());
  const std::vector<std::string> differences =
      Verify(*wanted, {Asked(4, 0, "m"), Asked(5, 10, "m")}).differences;
  EXPECT_EQ(differences, std::vector<std::string>{"the journal has forgotten 3 requests before these"});
}

TEST(Expectation, WhatExpectsNothingOrIsMisspeltIsAMistake) {
  for (const std::string wrong :
       {"{}", R"({"match":{"model":"x"}})", R"({"cuont":3})", R"({"count":-1})", R"({"count":1.5})",
        R"({"count":1,"match":{"modle":"x"}})", R"({"order":[]})", R"({"order":[{"modle":"x"}]})",
        R"({"order":[{"match":{},"modle":"x"}]})", R"({"min_gap_ms":5,"max_gap_ms":4})",
        R"({"provider":"beat","count":0})", R"({"order":[{"provider":"beat"}]})", "[]", "count"}) {
    EXPECT_EQ(Differences(wrong), "mistake") << wrong;
  }
}

}  // namespace
}  // namespace mock_provider
