#include "proxy/metrics/metrics.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace arbstr::proxy {
namespace {

TEST(MetricsTest, ThePageIsTheSumOfAllLoops) {
  Metrics metrics;
  LoopMetrics& one = metrics.AddLoop();
  LoopMetrics& other = metrics.AddLoop();
  one.requests.At({"alpha", "m", 200, false}).Add();
  other.requests.At({"alpha", "m", 200, false}).Add(2);
  other.requests.At({"alpha", "m", 200, true}).Add(4);
  one.responses.At({"/health", 200}).Add();
  other.responses.At({"/health", 503}).Add();
  one.providers.At("alpha").cost_sats.Add(1.5);
  other.providers.At("alpha").cost_sats.Add(2.25);
  other.providers.At("beta").attempts[static_cast<std::size_t>(AttemptEnd::kDeadline)].Add();
  one.in_flight.Add(3);
  other.in_flight.Add(-1);
  one.overhead.Observe(std::chrono::microseconds(30));
  other.overhead.Observe(std::chrono::microseconds(30));
  const MetricsTotals totals = metrics.Totals();
  ASSERT_EQ(totals.requests.size(), 2u);
  EXPECT_EQ(totals.requests.at(RequestLabels("alpha", "m", 200, false)), 3u);
  EXPECT_EQ(totals.requests.at(RequestLabels("alpha", "m", 200, true)), 4u);
  EXPECT_EQ(totals.responses.at({"/health", 200}), 1u);
  EXPECT_EQ(totals.responses.at({"/health", 503}), 1u);
  EXPECT_EQ(totals.providers.at("alpha").cost_sats, 3.75);
  EXPECT_EQ(totals.providers.at("beta").attempts[static_cast<std::size_t>(AttemptEnd::kDeadline)], 1u);
  EXPECT_EQ(totals.in_flight, 2);
  EXPECT_EQ(totals.overhead.buckets[1], 2u);
}

TEST(MetricsTest, SeriesThatDifferInOneLabelAreApart) {
  LoopMetrics loop;
  const std::vector<RequestLabelsView> all = {{"a", "m", 200, false}, {"b", "m", 200, false},
                                              {"a", "n", 200, false}, {"a", "m", 201, false},
                                              {"a", "m", 200, true},  {"m", "a", 200, false}};
  for (const auto& labels : all) {
    loop.requests.At(labels).Add();
    loop.requests.At(labels).Add();
  }
  std::size_t series = 0;
  loop.requests.ForEach([&](const RequestLabels&, const Counter& counter) {
    ++series;
    EXPECT_EQ(counter.value(), 2u);
  });
  EXPECT_EQ(series, all.size());
}

// The owner counts and adds series while another thread reads them: what the thread sanitizer looks at.
TEST(MetricsTest, ReadersSeeCountersThatOnlyGrowWhileTheirOwnersCount) {
  constexpr int kOwners = 2, kSeries = 200, kRounds = 50;
  Metrics metrics;
  std::atomic<int> running{kOwners};
  std::vector<std::thread> owners;
  for (int i = 0; i < kOwners; ++i) {
    owners.emplace_back([&, &loop = metrics.AddLoop()] {
      for (int round = 0; round < kRounds; ++round) {
        for (int s = 0; s < kSeries; ++s) {
          const std::string model = std::to_string(s);
          loop.requests.At({"alpha", model, 200, false}).Add();
          loop.providers.At("alpha").first_byte.Observe(std::chrono::milliseconds(s));
        }
      }
      --running;
    });
  }
  std::uint64_t seen = 0;
  const auto requests = [&] {
    std::uint64_t sum = 0;
    for (const auto& [labels, count] : metrics.Totals().requests) sum += count;
    return sum;
  };
  while (running > 0) {
    const std::uint64_t now = requests();
    EXPECT_GE(now, seen);
    seen = now;
  }
  for (auto& owner : owners) owner.join();
  EXPECT_EQ(requests(), std::uint64_t{kOwners} * kSeries * kRounds);
  const HistogramTotals times = metrics.Totals().providers.at("alpha").first_byte;
  std::uint64_t observed = 0;
  for (const std::uint64_t bucket : times.buckets) observed += bucket;
  EXPECT_EQ(observed, std::uint64_t{kOwners} * kSeries * kRounds);
}

}  // namespace
}  // namespace arbstr::proxy
