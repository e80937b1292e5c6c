#include "mock_provider/journal/metrics.h"

#include <gtest/gtest.h>

namespace mock_provider {
namespace {

JournalEntry Asked(const std::string& provider, int status, const std::string& rule = "") {
  JournalEntry entry;
  entry.provider = provider;
  entry.status = status;
  if (!rule.empty()) entry.hit.rule = rule;
  return entry;
}

JournalEntry Ended(JournalEntry entry, double end_ms, std::uint64_t bytes) {
  entry.end_ms = end_ms;
  entry.bytes = bytes;
  return entry;
}

// Whether the text has that line.
bool Has(const Metrics& metrics, const std::string& line) {
  return ("\n" + metrics.Text()).find("\n" + line + "\n") != std::string::npos;
}

TEST(Metrics, RequestsAreCountedByProviderRuleAndStatus) {
  Metrics metrics;
  metrics.Arrived(Asked("a", 503, "flaky"));
  metrics.Arrived(Asked("a", 503, "flaky"));
  metrics.Arrived(Asked("b", 200));
  EXPECT_TRUE(Has(metrics, R"(mock_provider_requests_total{provider="a",rule="flaky",status="503"} 2)"));
  EXPECT_TRUE(Has(metrics, R"(mock_provider_requests_total{provider="b",rule="",status="200"} 1)"));
}

TEST(Metrics, WhatAnUpstreamDecidesIsCountedWhenItHas) {
  Metrics metrics;
  JournalEntry entry = Asked("a", 0);
  entry.relayed = true;
  metrics.Arrived(entry);
  EXPECT_EQ(metrics.Text().find("requests_total{"), std::string::npos);
  EXPECT_TRUE(Has(metrics, R"(mock_provider_requests_open{provider="a"} 1)"));
  entry.status = 200;
  metrics.Ended(Ended(entry, 250, 700));
  EXPECT_TRUE(Has(metrics, R"(mock_provider_requests_total{provider="a",rule="",status="200"} 1)"));
}

TEST(Metrics, AnEndClosesTheRequestAndAddsItsBytesAndItsTime) {
  Metrics metrics;
  metrics.Arrived(Asked("a", 200));
  metrics.Arrived(Asked("a", 200));
  metrics.Ended(Ended(Asked("a", 200), 250, 700));
  EXPECT_TRUE(Has(metrics, R"(mock_provider_requests_open{provider="a"} 1)"));
  EXPECT_TRUE(Has(metrics, R"(mock_provider_sent_bytes_total{provider="a"} 700)"));
  EXPECT_TRUE(Has(metrics, R"(mock_provider_answer_seconds_bucket{provider="a",le="0.1"} 0)"));
  EXPECT_TRUE(Has(metrics, R"(mock_provider_answer_seconds_bucket{provider="a",le="0.5"} 1)"));
  EXPECT_TRUE(Has(metrics, R"(mock_provider_answer_seconds_bucket{provider="a",le="+Inf"} 1)"));
  EXPECT_TRUE(Has(metrics, R"(mock_provider_answer_seconds_sum{provider="a"} 0.25)"));
}

TEST(Metrics, AClientThatLeavesIsCounted) {
  Metrics metrics;
  JournalEntry left = Ended(Asked("a", 200), 90'000, 0);
  left.closed_by = ClosedBy::kClient;
  metrics.Arrived(left);
  metrics.Ended(left);
  EXPECT_TRUE(Has(metrics, R"(mock_provider_clients_left_total{provider="a"} 1)"));
}

TEST(Metrics, AClearedJournalLeavesNothingOpenAndTakesNoCounterBack) {
  Metrics metrics;
  metrics.Arrived(Asked("a", 200));
  metrics.Cleared();
  EXPECT_TRUE(Has(metrics, R"(mock_provider_requests_open{provider="a"} 0)"));
  EXPECT_TRUE(Has(metrics, R"(mock_provider_requests_total{provider="a",rule="",status="200"} 1)"));
}

TEST(Metrics, WhatWasNoRequestIsCountedByItself) {
  Metrics metrics;
  metrics.Refused("a", 431);
  metrics.Refused("a", 431);
  EXPECT_TRUE(Has(metrics, R"(mock_provider_refused_total{provider="a",status="431"} 2)"));
  EXPECT_EQ(metrics.Text().find("requests_total{"), std::string::npos);
}

TEST(Metrics, NamesAreEscaped) {
  Metrics metrics;
  metrics.Arrived(Asked("a\"b\\c\nd", 200));
  EXPECT_TRUE(Has(metrics, R"(mock_provider_requests_open{provider="a\"b\\c\nd"} 1)"));
}

TEST(Metrics, EveryFamilySaysWhatItIs) {
  const std::string text = Metrics().Text();
  for (const char* name :
       {"requests_total counter", "requests_open gauge", "refused_total counter", "sent_bytes_total counter",
        "clients_left_total counter", "answer_seconds histogram"}) {
    EXPECT_NE(text.find(std::string("# TYPE mock_provider_") + name + "\n"), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace mock_provider
