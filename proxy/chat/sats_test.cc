#include "proxy/chat/sats.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>

namespace arbstr::proxy {
namespace {

// The same by another way: all six decimals of the exact value, then cut.
std::string Expected(double sats) {
  std::string text = fmt::format("{:.6f}", sats);
  while (text.back() == '0' && text[text.size() - 3] != '.') text.pop_back();
  return text;
}

TEST(SatsTest, TheExactValueIsRounded) {
  const std::random_device::result_type seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> exponent(-9, 9);
  for (int i = 0; i < 200'000; ++i) {
    const double sats = std::pow(10, exponent(random));
    ASSERT_EQ(FormatSats(sats), Expected(sats)) << fmt::format("{:a}", sats);
  }
}

TEST(SatsTest, SoIsOneInTheMiddleBetweenTwoMillionthsAndWhatIsNextToIt) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 50'000; ++i) {
    const double middle = (static_cast<double>(random() % 2'000'000'000) + 0.5) / 1e6;
    // Of these some are a middle exactly: a number of 1/128ths has seven decimals, of which a 5 is the last.
    const double exact = static_cast<double>(random() % 100'000'000) / 128;
    for (const double sats : {middle, exact}) {
      for (const double near : {sats, std::nextafter(sats, 0), std::nextafter(sats, 1e9)}) {
        ASSERT_EQ(FormatSats(near), Expected(near)) << fmt::format("{:a}", near);
      }
    }
  }
}

TEST(SatsTest, WhereTheWayChangesNothingElseDoes) {
  for (const double sats : {0.0, -0.0, -1.5, 999'999.9999994, 999'999.9999996, 1e6, 1e6 + 0.25, 1e300}) {
    EXPECT_EQ(FormatSats(sats), Expected(sats));
  }
}

}  // namespace
}  // namespace arbstr::proxy
