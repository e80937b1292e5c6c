#include "integration_tests/metrics_scrape.h"

#include <gtest/gtest.h>

namespace integration_tests {
namespace {

constexpr const char* kGood =
    "# HELP arbstr_a_total All.\n# TYPE arbstr_a_total counter\n"
    "arbstr_a_total{x=\"1\"} 2\narbstr_a_total{x=\"2, \\\"q\\\"\"} 3\n"
    "# HELP arbstr_b_seconds Took.\n# TYPE arbstr_b_seconds histogram\n"
    "arbstr_b_seconds_bucket{le=\"0.5\"} 1\narbstr_b_seconds_bucket{le=\"+Inf\"} 4\n"
    "arbstr_b_seconds_sum 3.5\narbstr_b_seconds_count 4\n";

TEST(MetricsScrapeTest, AGoodPageIsRead) {
  const MetricsScrape scrape(kGood);
  EXPECT_EQ(scrape.mistakes(), std::vector<std::string>{});
  EXPECT_EQ(scrape.Sum("arbstr_a_total"), 5);
  EXPECT_EQ(scrape.Sum("arbstr_a_total", {{"x", "2, \"q\""}}), 3);
  EXPECT_EQ(scrape.Sum("arbstr_a_total", {{"y", "1"}}), 0);
  EXPECT_EQ(scrape.Values("arbstr_a_total", "x"), (std::set<std::string>{"1", "2, \"q\""}));
  EXPECT_EQ(scrape.families(), (std::set<std::string>{"arbstr_a_total", "arbstr_b_seconds"}));
}

TEST(MetricsScrapeTest, WhatAStrictReaderObjectsToIsAMistake) {
  const std::string head = "# HELP arbstr_x h h\n# TYPE arbstr_x gauge\n";
  const std::string buckets =
      "# HELP arbstr_h_seconds h h\n# TYPE arbstr_h_seconds histogram\narbstr_h_seconds_sum 1\n";
  for (const std::string& bad : {
           std::string("arbstr_x 1\n"),                                                // no TYPE
           head + "arbstr_x 1\narbstr_x 1\n",                                          // twice
           head + "arbstr_x{a=\"1\"} 1\narbstr_x{a=\"1\"} 2\n",                        // twice
           head + "arbstr_x{a=\"1\",a=\"2\"} 1\n",                                     // a label twice
           head + "arbstr_x{a=1} 1\n",                                                 // no quotes
           head + "arbstr_x{a=\"\"\"} 1\n",                                            // a quote not escaped
           head + "arbstr_x{} 1\n",                                                    // no label
           head + "arbstr_x one\n",                                                    // no number
           head + "arbstr_x 1",                                                        // no end
           head + "arbstr_y 1\n",                                                      // another family's
           head + "arbstr_x 1\n\n",                                                    // an empty line
           head + head + "arbstr_x 1\n",                                               // TYPE twice
           std::string("# TYPE arbstr_x gauge\narbstr_x 1\n"),                         // no HELP
           std::string("# HELP arbstr_x h h\n# TYPE arbstr_x counter\narbstr_x 1\n"),  // no _total
           std::string("# HELP X h h\n# TYPE X gauge\nX 1\n"),                         // a name of nobody
           buckets + "arbstr_h_seconds_bucket{le=\"1\"} 2\narbstr_h_seconds_bucket{le=\"+Inf\"} 1\n"
                     "arbstr_h_seconds_count 1\n",                                          // falls
           buckets + "arbstr_h_seconds_bucket{le=\"1\"} 1\narbstr_h_seconds_count 1\n",     // no +Inf
           buckets + "arbstr_h_seconds_bucket{le=\"+Inf\"} 1\narbstr_h_seconds_count 2\n",  // not the count
       }) {
    EXPECT_NE(MetricsScrape(bad).mistakes().size(), 0u) << bad;
  }
}

}  // namespace
}  // namespace integration_tests
