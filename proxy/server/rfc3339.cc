#include "proxy/server/rfc3339.h"

#include "proxy/http/ascii.h"
#include "request_log/timestamp.h"

namespace arbstr::proxy {
namespace {

using request_log::kEarliestTimestamp;
using request_log::kLatestTimestamp;
using std::chrono::milliseconds;

// Takes the text from its front; once something does not fit, nothing does.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  int Number(int digits) {
    int value = 0;
    for (int i = 0; i < digits; ++i) {
      if (rest_.empty() || !IsDigit(rest_.front())) fits_ = false;
      if (!fits_) return 0;
      value = 10 * value + (rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    return value;
  }
  void Expect(std::string_view any_of) {
    if (!Take(any_of)) fits_ = false;
  }
  // One of these characters; 0: another one comes.
  char Take(std::string_view any_of) {
    if (!fits_ || rest_.empty() || any_of.find(rest_.front()) == any_of.npos) return 0;
    const char taken = rest_.front();
    rest_.remove_prefix(1);
    return taken;
  }
  // The digits behind a point, in milliseconds, rounded up.
  milliseconds Fraction() {
    if (!Take(".")) return milliseconds(0);
    int value = 0, digits = 0;
    bool more = false;
    for (; fits_ && !rest_.empty() && IsDigit(rest_.front()); ++digits, rest_.remove_prefix(1)) {
      if (digits < 3) value = 10 * value + (rest_.front() - '0');
      more = more || (digits >= 3 && rest_.front() != '0');
    }
    if (digits == 0) fits_ = false;
    for (; digits < 3; ++digits) value *= 10;
    return milliseconds(value + (more ? 1 : 0));
  }
  std::chrono::minutes Offset() {
    if (Take("Zz")) return std::chrono::minutes(0);
    const char sign = Take("+- ");
    const int hours = Number(2);
    Expect(":");
    const int minutes = Number(2);
    if (!sign || hours > 23 || minutes > 59) fits_ = false;
    return std::chrono::minutes((60 * hours + minutes) * (sign == '-' ? -1 : 1));
  }
  bool AtEnd() const { return fits_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool fits_ = true;
};

}  // namespace

std::optional<std::chrono::sys_time<milliseconds>> ParseRfc3339(std::string_view text) {
  Reader reader(text);
  const std::chrono::year year(reader.Number(4));
  reader.Expect("-");
  const std::chrono::month month(static_cast<unsigned>(reader.Number(2)));
  reader.Expect("-");
  const std::chrono::day day(static_cast<unsigned>(reader.Number(2)));
  reader.Expect("Tt ");
  const int hour = reader.Number(2);
  reader.Expect(":");
  const int minute = reader.Number(2);
  reader.Expect(":");
  const int second = reader.Number(2);
  const milliseconds fraction = reader.Fraction();
  const std::chrono::minutes offset = reader.Offset();
  const std::chrono::year_month_day date{year, month, day};
  if (!reader.AtEnd() || !date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  const auto time = std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
                    std::chrono::seconds(second) + fraction - offset;
  if (time < kEarliestTimestamp || time > kLatestTimestamp) return std::nullopt;
  return time;
}

}  // namespace arbstr::proxy
