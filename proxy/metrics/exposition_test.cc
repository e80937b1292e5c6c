#include "proxy/metrics/exposition.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace arbstr::proxy {
namespace {

TEST(ExpositionTest, AFamilySaysItsHelpAndTypeOnceBeforeItsSamples) {
  Exposition page;
  page.Family("requests_total", "counter", "All of them.");
  page.Sample({{"a", "1"}, {"b", "2"}}, std::uint64_t{7});
  page.Sample({}, std::int64_t{-3});
  EXPECT_EQ(page.Take(),
            "# HELP requests_total All of them.\n# TYPE requests_total counter\n"
            "requests_total{a=\"1\",b=\"2\"} 7\nrequests_total -3\n");
}

TEST(ExpositionTest, WhatALabelMayNotHoldIsEscaped) {
  Exposition page;
  page.Family("x", "gauge", "back\\slash, \"quote\",\nnew line");
  page.Sample({{"l", "back\\slash, \"quote\",\nnew line, é"}}, std::uint64_t{1});
  EXPECT_EQ(page.Take(),
            "# HELP x back\\\\slash, \"quote\",\\nnew line\n# TYPE x gauge\n"
            "x{l=\"back\\\\slash, \\\"quote\\\",\\nnew line, é\"} 1\n");
}

TEST(ExpositionTest, NumbersReadBackAsTheyWere) {
  Exposition page;
  page.Family("x", "gauge", "h");
  for (const double value : {0.1, 1e-9, 1764016000.25, std::numeric_limits<double>::infinity()}) {
    page.Sample({}, value);
  }
  page.Sample({}, std::nan(""));
  page.Sample({}, std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(page.Take(),
            "# HELP x h\n# TYPE x gauge\nx 0.1\nx 1e-09\nx 1764016000.25\nx +Inf\nx NaN\n"
            "x 18446744073709551615\n");
}

TEST(ExpositionTest, AHistogramsBucketsCountUpToItsCount) {
  static constexpr std::array<double, 2> kBounds = {0.000025, 1};
  Exposition page;
  page.Family("took_seconds", "histogram", "h");
  page.Samples({{"p", "a"}}, {kBounds, {3, 0, 2}, 4.5});
  page.Samples({}, {kBounds, {}, 0});
  EXPECT_EQ(page.Take(),
            "# HELP took_seconds h\n# TYPE took_seconds histogram\n"
            "took_seconds_bucket{p=\"a\",le=\"2.5e-05\"} 3\ntook_seconds_bucket{p=\"a\",le=\"1\"} 3\n"
            "took_seconds_bucket{p=\"a\",le=\"+Inf\"} 5\ntook_seconds_sum{p=\"a\"} 4.5\n"
            "took_seconds_count{p=\"a\"} 5\n"
            "took_seconds_bucket{le=\"2.5e-05\"} 0\ntook_seconds_bucket{le=\"1\"} 0\n"
            "took_seconds_bucket{le=\"+Inf\"} 0\ntook_seconds_sum 0\ntook_seconds_count 0\n");
}

}  // namespace
}  // namespace arbstr::proxy
