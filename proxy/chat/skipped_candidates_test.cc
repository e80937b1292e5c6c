#include "proxy/chat/skipped_candidates.h"

#include <gtest/gtest.h>

namespace arbstr::proxy {
namespace {

TEST(SkippedCandidatesTest, SoDoALogLineAndItsJson) {
  const std::string alpha = "alpha", gamma = "gamma";
  SkippedCandidates skipped;
  skipped.Add(alpha, SkippedCandidates::Reason::kBreakerOpen);
  skipped.Add(gamma, SkippedCandidates::Reason::kAtCapacity);
  EXPECT_EQ(skipped.Text(), "alpha:breaker_open,gamma:at_capacity");
  EXPECT_EQ(skipped.Json(),
            R"([{"provider":"alpha","reason":"breaker_open"},{"provider":"gamma","reason":"at_capacity"}])");
}

TEST(SkippedCandidatesTest, ASentenceSaysOfEachWhy) {
  const std::string alpha = "alpha", gamma = "gamma";
  SkippedCandidates skipped;
  EXPECT_TRUE(skipped.empty());
  skipped.Add(alpha, SkippedCandidates::Reason::kBreakerOpen);
  skipped.Add(gamma, SkippedCandidates::Reason::kAtCapacity);
  EXPECT_FALSE(skipped.empty());
  EXPECT_EQ(skipped.Sentence(), "the breaker of alpha is open, gamma is at its max_concurrency");
}

}  // namespace
}  // namespace arbstr::proxy
