// Random and mutated header values: whatever comes, the answer is nothing or a wait within bounds, and what
// was written from a known wait or date is read back as that.

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <random>
#include <string>

#include "retry/retry_after.h"
#include "tools/testing/random_seed.h"

namespace arbstr::retry {
namespace {

using std::chrono::milliseconds;

class RandomRetryAfter : public testing::Test {
 protected:
  std::int64_t Below(std::int64_t bound) {
    return std::uniform_int_distribution<std::int64_t>(0, bound - 1)(engine_);
  }

  // 1970 to 2260: what the clock can say.
  std::chrono::system_clock::time_point Moment() {
    return std::chrono::system_clock::time_point{std::chrono::seconds{Below(9'151'000'000)}};
  }

  const std::uint64_t seed_ = testing_tools::RandomSeed();
  std::mt19937_64 engine_{seed_};
};

std::string ImfFixdate(std::chrono::sys_seconds time) {
  static constexpr std::array kWeekdays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
                kWeekdays[std::chrono::weekday{day}.c_encoding()], static_cast<unsigned>(date.day()),
                kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text.data();
}

TEST_F(RandomRetryAfter, ADateIsReadBackAsTheWaitItWasWrittenFrom) {
  SCOPED_TRACE("ARBSTR_SEED=" + std::to_string(seed_));
  for (int i = 0; i < 20'000; ++i) {
    const auto now = Moment();
    const std::chrono::seconds wait{Below(366 * 86400)};
    const std::string date = ImfFixdate(std::chrono::floor<std::chrono::seconds>(now) + wait);
    ASSERT_EQ(ParseRetryAfter(std::nullopt, date, now), milliseconds{wait}) << date;
  }
}

TEST_F(RandomRetryAfter, MillisecondsWrittenAsSecondsAreReadBackExactly) {
  SCOPED_TRACE("ARBSTR_SEED=" + std::to_string(seed_));
  for (int i = 0; i < 20'000; ++i) {
    const milliseconds wait{Below(kLongestRetryAfter.count() + 1)};
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%lld.%03lld", static_cast<long long>(wait.count() / 1000),
                  static_cast<long long>(wait.count() % 1000));
    ASSERT_EQ(ParseRetryAfter(std::nullopt, text.data(), {}), wait) << text.data();
    ASSERT_EQ(ParseRetryAfter(std::to_string(wait.count()), "1", {}), wait);
  }
}

TEST_F(RandomRetryAfter, MutatedValuesGiveNothingOrABoundedWait) {
  SCOPED_TRACE("ARBSTR_SEED=" + std::to_string(seed_));
  const std::array<std::string, 7> templates = {"Sun, 06 Nov 1994 08:49:37 GMT",
                                                "Wednesday, 06-Nov-94 08:49:37 GMT",
                                                "Sun Nov  6 08:49:37 1994",
                                                "1500.25",
                                                "184467440737095516160",
                                                "",
                                                std::string(120, '9')};
  const std::string bytes = std::string("0123456789 .,:-+eEGMTJanSu\t\r\n\xff") + '\0';
  for (int i = 0; i < 200'000; ++i) {
    std::string value = templates[Below(templates.size())];
    for (auto edits = Below(5); edits > 0; --edits) {
      const char byte = Below(8) == 0 ? static_cast<char>(Below(256)) : bytes[Below(bytes.size())];
      const auto at = static_cast<std::size_t>(Below(static_cast<std::int64_t>(value.size()) + 1));
      switch (Below(4)) {
        case 0:
          value.insert(at, 1, byte);
          break;
        case 1:
          value.resize(at);
          break;
        case 2:
          value.erase(at, 1);
          break;
        default:
          if (at < value.size()) value[at] = byte;
      }
    }
    const auto wait = Below(2) == 0 ? ParseRetryAfter(value, std::nullopt, Moment())
                                    : ParseRetryAfter(std::nullopt, value, Moment());
    if (wait) {
      ASSERT_GE(*wait, milliseconds{0}) << value;
      ASSERT_LE(*wait, kLongestRetryAfter) << value;
    }
  }
}

}  // namespace
}  // namespace arbstr::retry
