#include "mock_provider/journal/journal_json.h"

#include <gtest/gtest.h>

#include <vector>

namespace mock_provider {
namespace {

constexpr std::size_t kBody = 100'000;

class JournalTextTest : public ::testing::Test {
 protected:
  void Add(const std::string& provider) {
    JournalEntry entry;
    entry.provider = provider;
    entry.body = std::string(kBody, 'x');
    journal_.Append(std::move(entry));
  }

  std::vector<std::string> Pieces(const JournalText::Selection& selection = {}) const {
    JournalText text(journal_, selection);
    std::vector<std::string> pieces;
    while (!text.Finished()) pieces.push_back(text.Next());
    return pieces;
  }

  std::string Whole(const JournalText::Selection& selection = {}) const {
    std::string whole;
    for (const std::string& piece : Pieces(selection)) whole += piece;
    return whole;
  }

  Journal journal_;
};

TEST_F(JournalTextTest, ItsPiecesAreTheWholeTextAndNoneIsLarge) {
  EXPECT_EQ(Whole(), JournalJson({}, 0));
  for (int i = 0; i < 30; ++i) Add("a");
  EXPECT_EQ(Whole(), JournalJson(journal_.Snapshot(), 30));
  EXPECT_GE(Pieces().size(), 10u);
  for (const std::string& piece : Pieces()) EXPECT_LT(piece.size(), 5 * kBody);
}

TEST_F(JournalTextTest, WhatComesAfterItsBeginningIsNotOfIt) {
  for (int i = 0; i < 10; ++i) Add("a");
  const std::string expected = JournalJson(journal_.Snapshot(), 10);
  JournalText text(journal_, {});
  std::string whole = text.Next();
  Add("a");
  while (!text.Finished()) whole += text.Next();
  EXPECT_EQ(whole, expected);
}

TEST_F(JournalTextTest, AClearedJournalEndsItWhereItIs) {
  for (int i = 0; i < 10; ++i) Add("a");
  JournalText text(journal_, {});
  EXPECT_FALSE(text.Next().empty());
  journal_.Clear();
  EXPECT_EQ(text.Next(), R"(],"total":10})");
  EXPECT_TRUE(text.Finished());
}

TEST_F(JournalTextTest, ASelectionIsOfOneProviderAfterOneSeqAndOfSoManyAtMost) {
  for (int i = 0; i < 10; ++i) Add(i % 2 == 0 ? "a" : "b");
  const JournalView all = journal_.Snapshot();
  EXPECT_EQ(Whole({.provider = "b", .since = 4, .limit = 2}), JournalJson({all[5], all[7]}, 10));
  EXPECT_EQ(Whole({.since = 8}), JournalJson({all[8], all[9]}, 10));
  EXPECT_EQ(Whole({.since = 10}), JournalJson({}, 10));
  EXPECT_EQ(Whole({.limit = 0}), JournalJson({}, 10));
  EXPECT_EQ(Whole({.provider = "c"}), JournalJson({}, 10));
}

}  // namespace
}  // namespace mock_provider
