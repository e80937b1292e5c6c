// Every numeric key of the configuration: its default, both ends of its range, and what lies outside.

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <limits>
#include <string>

#include "proxy/config/load.h"

namespace arbstr::proxy {
namespace {

constexpr const char* kProvider = "[[providers]]\nname = \"a\"\nurl = \"http://h/v1\"\n";
constexpr std::int64_t kWeek = 7LL * 24 * 3600 * 1000;
constexpr std::int64_t kGiB2 = std::int64_t{1} << 31;

struct NumberKey {
  const char* section;
  const char* key;
  std::int64_t low, high, standard;
  std::function<std::int64_t(const Config&)> read;
};

std::int64_t Int(auto value) { return static_cast<std::int64_t>(value); }

const NumberKey kKeys[] = {
    {"server", "threads", 0, 1024, 0, [](const Config& c) { return Int(c.server.threads); }},
    {"server", "max_connections", 1, 1'000'000, 10'000,
     [](const Config& c) { return Int(c.server.max_connections); }},
    {"server", "max_body_bytes", 1, kGiB2, 33'554'432,
     [](const Config& c) { return Int(c.server.max_body_bytes); }},
    {"server", "max_response_bytes", 1, kGiB2, 67'108'864,
     [](const Config& c) { return Int(c.server.max_response_bytes); }},
    {"server", "max_header_bytes", 1024, 1 << 24, 65'536,
     [](const Config& c) { return Int(c.server.max_header_bytes); }},
    {"server", "header_timeout_ms", 1, kWeek, 10'000,
     [](const Config& c) { return c.server.header_timeout.count(); }},
    {"server", "body_timeout_ms", 1, kWeek, 60'000,
     [](const Config& c) { return c.server.body_timeout.count(); }},
    {"server", "idle_timeout_ms", 1, kWeek, 75'000,
     [](const Config& c) { return c.server.idle_timeout.count(); }},
    {"server", "drain_timeout_ms", 0, kWeek, 30'000,
     [](const Config& c) { return c.server.drain_timeout.count(); }},
    {"database", "retention_days", 0, 36'500, 0,
     [](const Config& c) { return Int(c.database.retention_days); }},
    {"retry", "max_retries", 0, 100, 2, [](const Config& c) { return Int(c.retry.max_retries); }},
    {"retry", "deadline_ms", 1, kWeek, 30'000, [](const Config& c) { return c.retry.deadline.count(); }},
    {"retry", "max_deadline_ms", 1, kWeek, 600'000,
     [](const Config& c) { return c.retry.max_deadline.count(); }},
    {"retry", "connect_timeout_ms", 1, kWeek, 3'000,
     [](const Config& c) { return c.retry.connect_timeout.count(); }},
    {"retry", "attempt_timeout_ms", 0, kWeek, 0,
     [](const Config& c) { return c.retry.attempt_timeout.count(); }},
    {"retry", "retry_after_max_ms", 0, kWeek, 5'000,
     [](const Config& c) { return c.retry.retry_after_max.count(); }},
    {"retry", "fallbacks", 0, 1000, 1, [](const Config& c) { return Int(c.retry.fallbacks); }},
    {"retry", "first_event_ms", 1, kWeek, 300'000,
     [](const Config& c) { return c.retry.first_event.count(); }},
    {"retry", "stream_idle_ms", 1, kWeek, 300'000,
     [](const Config& c) { return c.retry.stream_idle.count(); }},
    {"retry", "budget_min_per_s", 0, 1'000'000, 10,
     [](const Config& c) { return Int(c.retry.budget_min_per_s); }},
    {"circuit_breaker", "open_ms", 1, kWeek, 30'000,
     [](const Config& c) { return c.circuit_breaker.open.count(); }},
};

LoadResult Load(const std::string& text) {
  return LoadConfig(text, "f.toml", [](const std::string&) { return std::nullopt; });
}

LoadResult LoadWith(const NumberKey& key, const std::string& value) {
  return Load(std::string("[") + key.section + "]\n" + key.key + " = " + value + "\n" + kProvider);
}

TEST(LoadLimitsTest, AKeyThatIsLeftOutHasItsDefault) {
  const LoadResult loaded = Load(kProvider);
  ASSERT_TRUE(loaded.config);
  for (const NumberKey& key : kKeys) EXPECT_EQ(key.read(*loaded.config), key.standard) << key.key;
}

TEST(LoadLimitsTest, BothEndsOfARangeAreTaken) {
  for (const NumberKey& key : kKeys) {
    for (const std::int64_t value : {key.low, key.high}) {
      const LoadResult loaded = LoadWith(key, std::to_string(value));
      ASSERT_TRUE(loaded.config) << key.key << ": " << loaded.errors.front();
      EXPECT_EQ(key.read(*loaded.config), value) << key.key;
    }
  }
}

TEST(LoadLimitsTest, WhatLiesOutsideIsAMistakeThatNamesTheKeyItsPlaceAndTheRange) {
  for (const NumberKey& key : kKeys) {
    for (const std::int64_t value : {key.low - 1, key.high + 1, std::numeric_limits<std::int64_t>::max(),
                                     std::numeric_limits<std::int64_t>::min()}) {
      const LoadResult loaded = LoadWith(key, std::to_string(value));
      EXPECT_FALSE(loaded.config) << key.key << " = " << value;
      ASSERT_EQ(loaded.errors.size(), 1u) << key.key << " = " << value;
      const std::string start = std::string("f.toml:2:") + std::to_string(std::string(key.key).size() + 4) +
                                ": " + key.section + "." + key.key + ": must be a whole number from ";
      EXPECT_EQ(loaded.errors[0], start + std::to_string(key.low) + " to " + std::to_string(key.high));
    }
  }
}

TEST(LoadLimitsTest, AnotherTypeIsAMistake) {
  for (const NumberKey& key : kKeys) {
    for (const char* value : {"\"5\"", "5.5", "true", "[5]", "{ a = 5 }", "1979-05-27", "inf"}) {
      const LoadResult loaded = LoadWith(key, value);
      ASSERT_EQ(loaded.errors.size(), 1u) << key.key << " = " << value;
      EXPECT_NE(loaded.errors[0].find("must be a whole number"), std::string::npos) << loaded.errors[0];
    }
  }
}

TEST(LoadLimitsTest, StatusesAreErrorStatuses) {
  const LoadResult loaded =
      Load(std::string("[retry]\nstatuses = [400, 599]\nfallback_statuses = [429]\n") + kProvider);
  ASSERT_TRUE(loaded.config);
  EXPECT_EQ(loaded.config->retry.statuses, (std::vector<int>{400, 599}));
  EXPECT_EQ(loaded.config->retry.fallback_statuses, (std::vector<int>{429}));
  for (const char* value : {"[399]", "[600]", "[\"500\"]", "[500.0]", "500", "[[500]]", "[4294967796]"}) {
    EXPECT_EQ(Load(std::string("[retry]\nstatuses = ") + value + "\n" + kProvider).errors.size(), 1u)
        << value;
  }
  const LoadResult none = Load(std::string("[retry]\nstatuses = []\n") + kProvider);
  ASSERT_TRUE(none.config);
  EXPECT_TRUE(none.config->retry.statuses.empty());
}

TEST(LoadLimitsTest, BackoffHoldsAtLeastOneWait) {
  using std::chrono::milliseconds;
  EXPECT_EQ(Load(kProvider).config->retry.backoff,
            (std::vector<milliseconds>{milliseconds(1000), milliseconds(2000), milliseconds(4000)}));
  const LoadResult loaded = Load(std::string("[retry]\nbackoff_ms = [0, 3600000]\n") + kProvider);
  ASSERT_TRUE(loaded.config);
  EXPECT_EQ(loaded.config->retry.backoff,
            (std::vector<milliseconds>{milliseconds(0), milliseconds(3'600'000)}));
  for (const char* value : {"[]", "[-1]", "[3600001]", "[1.5]", "1000"}) {
    EXPECT_EQ(Load(std::string("[retry]\nbackoff_ms = ") + value + "\n" + kProvider).errors.size(), 1u)
        << value;
  }
}

TEST(LoadLimitsTest, JitterIsANumberFromZeroToOne) {
  EXPECT_EQ(Load(kProvider).config->retry.jitter, 0.2);
  for (const auto& [text, value] : {std::pair("0", 0.0), {"1", 1.0}, {"0.75", 0.75}}) {
    const LoadResult loaded = Load(std::string("[retry]\njitter = ") + text + "\n" + kProvider);
    ASSERT_TRUE(loaded.config) << text;
    EXPECT_EQ(loaded.config->retry.jitter, value);
  }
  for (const char* value : {"-0.1", "1.1", "nan", "inf", "\"0.2\"", "true"}) {
    EXPECT_EQ(Load(std::string("[retry]\njitter = ") + value + "\n" + kProvider).errors.size(), 1u) << value;
  }
}

TEST(LoadLimitsTest, DeadlinesByModelKeepTheFilesOrderAndAreBounded) {
  const LoadResult loaded =
      Load(std::string("[retry]\ndeadline_by_model = { \"z*\" = 1, \"o3*\" = 604800000, \"a\" = 7 }\n") +
           kProvider);
  ASSERT_TRUE(loaded.config);
  using std::chrono::milliseconds;
  EXPECT_EQ(loaded.config->retry.deadline_by_model,
            (std::vector<std::pair<std::string, milliseconds>>{
                {"z*", milliseconds(1)}, {"o3*", milliseconds(kWeek)}, {"a", milliseconds(7)}}));
  for (const char* value : {"0", "-5", "604800001", "9223372036854775807", "\"5\"", "1.5"}) {
    const LoadResult wrong =
        Load(std::string("[retry]\ndeadline_by_model = { \"o3*\" = ") + value + " }\n" + kProvider);
    ASSERT_EQ(wrong.errors.size(), 1u) << value;
    EXPECT_NE(wrong.errors[0].find("retry.deadline_by_model: \"o3*\" must be"), std::string::npos)
        << wrong.errors[0];
  }
  EXPECT_EQ(Load(std::string("[retry]\ndeadline_by_model = 5\n") + kProvider).errors.size(), 1u);
}

TEST(LoadLimitsTest, RatesAreNumbersThatAreNotNegative) {
  for (const char* key : {"input_rate", "output_rate", "base_fee"}) {
    for (const char* value : {"0", "0.5", "10000", "1e15"}) {
      EXPECT_TRUE(Load(std::string(kProvider) + key + " = " + value).config) << key << " = " << value;
    }
    for (const char* value : {"-1", "1.1e15", "nan", "inf", "\"1\"", "[1]"}) {
      EXPECT_EQ(Load(std::string(kProvider) + key + " = " + value).errors.size(), 1u)
          << key << " = " << value;
    }
  }
}

}  // namespace
}  // namespace arbstr::proxy
