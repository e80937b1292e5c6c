#include "proxy/server/log_parameters.h"

#include <gtest/gtest.h>

#include <string>

namespace arbstr::proxy {
namespace {

using namespace std::chrono_literals;
using request_log::GroupBy;
using request_log::LogTime;
using request_log::PageQuery;
using request_log::SortBy;
using request_log::StatsQuery;

constexpr LogTime kNoon = std::chrono::sys_days(2026y / 1 / 31) + 12h;
constexpr auto kNow = kNoon + 400us;

PageQuery Page(const std::string& query) {
  const auto read = ReadPageQuery("/v1/requests?" + query, kNow);
  if (const auto* error = std::get_if<ApiError>(&read)) {
    ADD_FAILURE() << query << ": " << error->message;
    return {};
  }
  return std::get<PageQuery>(read);
}

StatsQuery Stats(const std::string& query) {
  const auto read = ReadStatsQuery("/v1/stats?" + query, kNow);
  if (const auto* error = std::get_if<ApiError>(&read)) {
    ADD_FAILURE() << query << ": " << error->message;
    return {};
  }
  return std::get<StatsQuery>(read);
}

// Status, code, param and message of the mistake.
template <typename Read>
std::string Mistake(Read read) {
  const auto* error = std::get_if<ApiError>(&read);
  if (error == nullptr) return "no mistake";
  EXPECT_EQ(error->status, 400);
  EXPECT_EQ(error->code, "invalid_parameter");
  return error->param + ": " + error->message;
}
std::string PageMistake(const std::string& query) {
  return Mistake(ReadPageQuery("/v1/requests?" + query, kNow));
}
std::string StatsMistake(const std::string& query) {
  return Mistake(ReadStatsQuery("/v1/stats?" + query, kNow));
}

TEST(LogParametersTest, WithoutParametersItIsTheLastSevenDaysNewestFirst) {
  const PageQuery page = Page("");
  EXPECT_EQ(page.page, 1);
  EXPECT_EQ(page.per_page, 50);
  EXPECT_EQ(page.sort, SortBy::kTimestamp);
  EXPECT_TRUE(page.descending);
  EXPECT_EQ(page.filter.until, kNoon + 1ms) << "the millisecond of now is in the range";
  EXPECT_EQ(page.filter.since, page.filter.until - 24h * 7);
  EXPECT_FALSE(page.filter.model || page.filter.provider || page.filter.success || page.filter.streaming);
  EXPECT_EQ(Stats("").group_by, GroupBy::kNothing);
}

TEST(LogParametersTest, EveryParameterHasItsEffect) {
  const PageQuery page = Page(
      "page=3&per_page=100&sort=cost_sats&order=asc&success=false&streaming=true&model=org%2Fm+x&provider=a"
      "&range=last_1h");
  EXPECT_EQ(page.page, 3);
  EXPECT_EQ(page.per_page, 100);
  EXPECT_EQ(page.sort, SortBy::kCostSats);
  EXPECT_FALSE(page.descending);
  EXPECT_EQ(page.filter.success, false);
  EXPECT_EQ(page.filter.streaming, true);
  EXPECT_EQ(page.filter.model, "org/m x");
  EXPECT_EQ(page.filter.provider, "a");
  EXPECT_EQ(page.filter.since, page.filter.until - 1h);
  EXPECT_EQ(Page("sort=latency_ms").sort, SortBy::kLatencyMs);
  EXPECT_EQ(Stats("group_by=model").group_by, GroupBy::kModel);
  EXPECT_EQ(Stats("group_by=provider&model=m").filter.model, "m");
  EXPECT_EQ(Stats("range=last_24h").filter.since, kNoon + 1ms - 24h);
  EXPECT_EQ(Stats("range=last_30d").filter.since, kNoon + 1ms - 24h * 30);
}

TEST(LogParametersTest, SinceAndUntilWinOverRange) {
  const auto both =
      Stats("range=last_1h&since=2026-01-01T00:00:00Z&until=2026-01-02T01:00:00%2B01:00").filter;
  EXPECT_EQ(both.since, std::chrono::sys_days(2026y / 1 / 1));
  EXPECT_EQ(both.until, std::chrono::sys_days(2026y / 1 / 2));
  EXPECT_EQ(Stats("since=2026-01-31T11:00:00Z").filter.until, kNoon + 1ms);
  const auto end = Stats("range=last_1h&until=2026-01-02T00:00:00Z").filter;
  EXPECT_EQ(end.since, end.until - 1h);
}

TEST(LogParametersTest, NoRangeBeginsBeforeWhatATimestampCanSay) {
  EXPECT_EQ(Stats("until=0000-01-02T00:00:00Z").filter.since, std::chrono::sys_days(0y / 1 / 1));
}

TEST(LogParametersTest, ARangeWithoutAMomentInItIsRefused) {
  EXPECT_EQ(StatsMistake("since=2026-01-02T00:00:00Z&until=2026-01-02T00:00:00Z"),
            "since: \"since\" must be before \"until\".");
  EXPECT_EQ(StatsMistake("since=2027-01-01T00:00:00Z"),
            "since: \"since\" is in the future: without \"until\" the range ends now.");
  EXPECT_EQ(StatsMistake("until=yesterday"),
            "until: \"yesterday\" is not \"until\": a time of RFC 3339, such as 2026-01-31T12:00:00Z.");
}

TEST(LogParametersTest, AnUnknownNameIsAnsweredWithTheKnownOnes) {
  EXPECT_EQ(PageMistake("pages=1"),
            "pages: Unknown parameter \"pages\": there are page, per_page, sort, order, success, streaming, "
            "model, provider, range, since, until.");
  EXPECT_EQ(StatsMistake("page=1"),
            "page: Unknown parameter \"page\": there are range, since, until, model, provider, group_by.");
  EXPECT_LT(PageMistake(std::string(5000, 'x')).size(), 400u);
}

TEST(LogParametersTest, ANameGivenTwiceIsRefused) {
  EXPECT_EQ(PageMistake("page=1&page=1"), "page: Give \"page\" once.");
  EXPECT_EQ(PageMistake("page=1&%70age=2"), "page: Give \"page\" once.");
}

TEST(LogParametersTest, NumbersOutsideOfTheirRangeAreRefusedWithIt) {
  for (const char* value :
       {"0", "-1", "101", "", "1.5", "1e1", " 1", "1%20", "+1", "99999999999999999999", "x"}) {
    EXPECT_EQ(PageMistake(std::string("per_page=") + value),
              "per_page: \"per_page\" must be a whole number from 1 to 100.")
        << value;
  }
  EXPECT_EQ(PageMistake("page=0"), "page: \"page\" must be a whole number from 1 to 20000.");
  EXPECT_EQ(PageMistake("per_page=100&page=10001"), "page: \"page\" must be a whole number from 1 to 10000.");
  EXPECT_EQ(Page("per_page=100&page=10000").page, 10'000);
  EXPECT_EQ(Page("per_page=1&page=1000000").page, 1'000'000);
}

TEST(LogParametersTest, AValueThatIsNoChoiceIsAnsweredWithTheChoices) {
  EXPECT_EQ(PageMistake("sort=model"), "sort: \"sort\" must be one of timestamp, cost_sats, latency_ms.");
  EXPECT_EQ(PageMistake("order=ASC"), "order: \"order\" must be one of asc, desc.");
  EXPECT_EQ(PageMistake("success=1"), "success: \"success\" must be one of true, false.");
  EXPECT_EQ(PageMistake("streaming="), "streaming: \"streaming\" must be one of true, false.");
  EXPECT_EQ(StatsMistake("range=last_2h"),
            "range: \"range\" must be one of last_1h, last_24h, last_7d, last_30d.");
  EXPECT_EQ(StatsMistake("group_by=id"), "group_by: \"group_by\" must be one of model, provider.");
  EXPECT_EQ(StatsMistake("model="), "model: \"model\" must not be empty: leave it out.");
}

// Compared with each other, so many names would take an hour.
TEST(LogParametersTest, HoweverManyNamesThereAreTheFirstMistakeIsSaid) {
  std::string target = "/v1/stats?model=m";
  for (int i = 0; i < 300'000; ++i) target += "&a";
  const auto read = ReadStatsQuery(target, kNow);
  ASSERT_TRUE(std::holds_alternative<ApiError>(read));
  EXPECT_EQ(std::get<ApiError>(read).param, "a");
}

}  // namespace
}  // namespace arbstr::proxy
