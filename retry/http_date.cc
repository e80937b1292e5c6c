#include "retry/http_date.h"

#include <array>
#include <cstddef>

namespace arbstr::retry {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kWeekdays = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                       "Friday", "Saturday", "Sunday"};

// Takes the text apart from its front. The first mismatch fails everything after it.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool Take(std::string_view expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }

  void Expect(std::string_view expected) { failed_ = !Take(expected) || failed_; }

  // Exactly `digits` decimal digits; with `blank_padded` the first may be a blank.
  int Number(std::size_t digits, bool blank_padded = false) {
    int value = 0;
    if (rest_.size() < digits) return Fail();
    for (std::size_t i = 0; i < digits; ++i) {
      const char c = rest_[i];
      if (i == 0 && blank_padded && c == ' ') continue;
      if (c < '0' || c > '9') return Fail();
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(digits);
    return value;
  }

  std::chrono::month Month() {
    for (std::size_t i = 0; i < kMonths.size(); ++i) {
      if (Take(kMonths[i])) return std::chrono::month{static_cast<unsigned>(i + 1)};
    }
    Fail();
    return std::chrono::month{0};
  }

  std::chrono::seconds TimeOfDay() {
    const int hours = Number(2);
    Expect(":");
    const int minutes = Number(2);
    Expect(":");
    const int seconds = Number(2);
    if (hours > 23 || minutes > 59 || seconds > 60) Fail();
    return std::chrono::hours{hours} + std::chrono::minutes{minutes} + std::chrono::seconds{seconds};
  }

  bool Succeeded() const { return !failed_ && rest_.empty(); }

 private:
  int Fail() {
    failed_ = true;
    return 0;
  }

  std::string_view rest_;
  bool failed_ = false;
};

enum class Form { kNone, kImfFixdate, kRfc850, kAsctime };

// Takes the weekday and what follows it, which is enough to tell the form.
Form TakeWeekday(Scanner& scanner) {
  for (const std::string_view name : kWeekdays) {
    if (scanner.Take(name)) return scanner.Take(", ") ? Form::kRfc850 : Form::kNone;
    if (!scanner.Take(name.substr(0, 3))) continue;
    if (scanner.Take(", ")) return Form::kImfFixdate;
    return scanner.Take(" ") ? Form::kAsctime : Form::kNone;
  }
  return Form::kNone;
}

std::chrono::year NearestYear(int two_digits, std::chrono::system_clock::time_point now) {
  const int current =
      static_cast<int>(std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(now)}.year());
  int year = current - current % 100 + two_digits;
  if (year > current + 50) year -= 100;
  if (year <= current - 50) year += 100;
  return std::chrono::year{year};
}

}  // namespace

std::optional<std::chrono::sys_seconds> ParseHttpDate(std::string_view text,
                                                      std::chrono::system_clock::time_point now) {
  Scanner scanner(text);
  std::chrono::year year{0};
  std::chrono::month month{0};
  unsigned day = 0;
  std::chrono::seconds time_of_day{0};
  switch (TakeWeekday(scanner)) {
    case Form::kNone:
      return std::nullopt;
    case Form::kImfFixdate:
      day = static_cast<unsigned>(scanner.Number(2));
      scanner.Expect(" ");
      month = scanner.Month();
      scanner.Expect(" ");
      year = std::chrono::year{scanner.Number(4)};
      scanner.Expect(" ");
      time_of_day = scanner.TimeOfDay();
      scanner.Expect(" GMT");
      break;
    case Form::kRfc850:
      day = static_cast<unsigned>(scanner.Number(2));
      scanner.Expect("-");
      month = scanner.Month();
      scanner.Expect("-");
      year = NearestYear(scanner.Number(2), now);
      scanner.Expect(" ");
      time_of_day = scanner.TimeOfDay();
      scanner.Expect(" GMT");
      break;
    case Form::kAsctime:
      month = scanner.Month();
      scanner.Expect(" ");
      day = static_cast<unsigned>(scanner.Number(2, /*blank_padded=*/true));
      scanner.Expect(" ");
      time_of_day = scanner.TimeOfDay();
      scanner.Expect(" ");
      year = std::chrono::year{scanner.Number(4)};
      break;
  }
  const std::chrono::year_month_day date{year, month, std::chrono::day{day}};
  if (!scanner.Succeeded() || !date.ok()) return std::nullopt;
  return std::chrono::sys_days{date} + time_of_day;
}

}  // namespace arbstr::retry
