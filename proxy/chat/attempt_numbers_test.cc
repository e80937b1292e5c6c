#include "proxy/chat/attempt_numbers.h"

#include <gtest/gtest.h>

namespace arbstr::proxy {
namespace {

using std::chrono::milliseconds;

class AttemptNumbersTest : public ::testing::Test {
 protected:
  void Attempt(const std::string& provider, AttemptEnd end, const ExchangeTimes& times = {}) {
    CountAttemptBegun(metrics_, log_, provider);
    log_.Begin(provider, now_, milliseconds(0));
    log_.End(0, "", AttemptVerdict::kAnswered, now_);
    CountAttemptEnded(metrics_, provider, end, times, milliseconds(40));
  }
  std::uint64_t Observed(Histogram ProviderMetrics::*histogram, std::string_view provider) {
    HistogramTotals totals;
    (metrics_.providers.At(provider).*histogram).AddTo(totals);
    std::uint64_t count = 0;
    for (const std::uint64_t bucket : totals.buckets) count += bucket;
    return count;
  }

  const std::chrono::steady_clock::time_point now_ = std::chrono::steady_clock::now();
  const std::string alpha_ = "alpha", beta_ = "beta";
  AttemptLog log_{now_};
  LoopMetrics metrics_;
};

TEST_F(AttemptNumbersTest, TheFirstAttemptIsNeitherRetryNorFallbackAndEachLaterOneIsOneOfThem) {
  Attempt(alpha_, AttemptEnd::kRetryable);
  Attempt(alpha_, AttemptEnd::kRetryable);
  Attempt(alpha_, AttemptEnd::kRetryable);
  Attempt(beta_, AttemptEnd::kAnswered);
  EXPECT_EQ(metrics_.providers.At("alpha").retries.value(), 2u);
  EXPECT_EQ(metrics_.providers.At("alpha").fallbacks.value(), 0u);
  EXPECT_EQ(metrics_.providers.At("beta").retries.value(), 0u);
  EXPECT_EQ(metrics_.providers.At("beta").fallbacks.value(), 1u);
  const auto attempts = [&](std::string_view provider, AttemptEnd end) {
    return metrics_.providers.At(provider).attempts[static_cast<std::size_t>(end)].value();
  };
  EXPECT_EQ(attempts("alpha", AttemptEnd::kRetryable), 3u);
  EXPECT_EQ(attempts("beta", AttemptEnd::kAnswered), 1u);
}

TEST_F(AttemptNumbersTest, OnlyTimesThatThereWereAreObserved) {
  Attempt(alpha_, AttemptEnd::kNextProvider);
  EXPECT_EQ(Observed(&ProviderMetrics::connect, "alpha"), 0u);
  EXPECT_EQ(Observed(&ProviderMetrics::first_byte, "alpha"), 0u);
  EXPECT_EQ(Observed(&ProviderMetrics::total, "alpha"), 1u);
  ExchangeTimes times;
  times.connect = milliseconds(1);
  times.first_byte = milliseconds(2);
  Attempt(alpha_, AttemptEnd::kAnswered, times);
  EXPECT_EQ(Observed(&ProviderMetrics::connect, "alpha"), 1u);
  EXPECT_EQ(Observed(&ProviderMetrics::first_byte, "alpha"), 1u);
  EXPECT_EQ(Observed(&ProviderMetrics::total, "alpha"), 2u);
}

}  // namespace
}  // namespace arbstr::proxy
