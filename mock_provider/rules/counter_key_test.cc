#include "mock_provider/rules/counter_key.h"

#include <gtest/gtest.h>

namespace mock_provider {
namespace {

TEST(CounterKey, AShortKeyIsItsOwn) {
  EXPECT_EQ(CounterKey(""), "");
  EXPECT_EQ(CounterKey("user-7"), "user-7");
  EXPECT_EQ(CounterKey(std::string(100, 'k')), std::string(100, 'k'));
}

TEST(CounterKey, ALongOneIsCutAndStillToldFromOthers) {
  const std::string one = CounterKey(std::string(1'000'000, 'k') + "1");
  EXPECT_LT(one.size(), 130u);
  EXPECT_EQ(one, CounterKey(std::string(1'000'000, 'k') + "1"));
  EXPECT_NE(one, CounterKey(std::string(1'000'000, 'k') + "2"));
  EXPECT_NE(one, CounterKey(std::string(100, 'k')));
}

}  // namespace
}  // namespace mock_provider
