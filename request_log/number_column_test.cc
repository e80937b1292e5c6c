#include "request_log/number_column.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>

namespace arbstr::request_log {
namespace {

using Numbers = std::vector<std::int64_t>;

constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

Numbers ThereAndBack(const Numbers& numbers) {
  Numbers back = {17};
  EXPECT_TRUE(DecodeNumbers(EncodeNumbers(numbers), numbers.size(), back));
  return back;
}

TEST(NumberColumnTest, NumbersComeBackAsTheyWere) {
  for (const Numbers& numbers : {Numbers{}, Numbers{0}, Numbers{-1}, Numbers{kMin}, Numbers{kMax},
                                 Numbers{kMin, kMax, kMin, 0, kMax, -1}, Numbers{1, 2, 3, 2, 1}}) {
    EXPECT_EQ(ThereAndBack(numbers), numbers);
  }
}

TEST(NumberColumnTest, RandomNumbersOfEverySizeComeBack) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int round = 0; round < 200; ++round) {
    Numbers numbers(random() % 100);
    for (std::int64_t& number : numbers) number = static_cast<std::int64_t>(random() >> (random() % 64));
    ASSERT_EQ(ThereAndBack(numbers), numbers);
  }
}

TEST(NumberColumnTest, CountingUpTakesAByteANumber) {
  Numbers numbers;
  for (int i = 0; i < 1000; ++i) numbers.push_back(i);
  EXPECT_EQ(EncodeNumbers(numbers).size(), 1000u);
}

TEST(NumberColumnTest, AColumnOfAnotherLengthIsRefused) {
  const std::string column = EncodeNumbers({1, 1000, 1'000'000});
  Numbers numbers;
  for (const std::size_t count : {std::size_t{0}, std::size_t{2}, std::size_t{4}, std::size_t{1} << 60}) {
    EXPECT_FALSE(DecodeNumbers(column, count, numbers)) << count;
  }
  for (std::size_t cut = 0; cut < column.size(); ++cut) {
    EXPECT_FALSE(DecodeNumbers(column.substr(0, cut), 3, numbers)) << cut;
  }
}

TEST(NumberColumnTest, ANumberThatDoesNotEndIsRefused) {
  Numbers numbers;
  EXPECT_FALSE(DecodeNumbers(std::string(11, '\xFF'), 1, numbers));
  EXPECT_FALSE(DecodeNumbers("\x80", 1, numbers));
}

TEST(NumberColumnTest, RealsComeBackWithWhatIsNotKnown) {
  const std::vector<double> reals = {0.0, -1.5, 1e300, std::numeric_limits<double>::quiet_NaN()};
  std::vector<double> back;
  ASSERT_TRUE(DecodeReals(EncodeReals(reals), 4, back));
  EXPECT_EQ(back[1], -1.5);
  EXPECT_EQ(back[2], 1e300);
  EXPECT_NE(back[3], back[3]);
  EXPECT_FALSE(DecodeReals(EncodeReals(reals), 3, back));
  EXPECT_FALSE(DecodeReals("1234567", 1, back));
}

}  // namespace
}  // namespace arbstr::request_log
