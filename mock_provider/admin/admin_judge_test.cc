#include "mock_provider/admin/admin_judge.h"

#include <gtest/gtest.h>

namespace mock_provider {
namespace {

JournalEntry Numbered(std::uint64_t seq) {
  JournalEntry entry;
  entry.seq = seq;
  entry.provider = "a";
  return entry;
}

TEST(CountRequests, SaysHowManyMoreTheJournalHasForgotten) {
  EXPECT_EQ(CountRequests({Numbered(1), Numbered(2)}, {"a"}, "{}").value(), R"({"count":2})");
  EXPECT_EQ(CountRequests({Numbered(8), Numbered(9)}, {"a"}, "{}").value(), R"({"count":2,"forgotten":7})");
  EXPECT_EQ(CountRequests({}, {"a"}, "{}").value(), R"({"count":0})");
}

}  // namespace
}  // namespace mock_provider
