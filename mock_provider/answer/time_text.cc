#include "mock_provider/answer/time_text.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cmath>
#include <ctime>

namespace mock_provider {

std::string GoDuration(double ms) {
  const auto whole = static_cast<long long>(std::ceil(ms - 1e-6));
  if (whole < 1000) return whole <= 0 ? "0s" : fmt::format("{}ms", whole);
  std::string text;
  const long long minutes = whole / 60'000;
  if (minutes >= 60) text += fmt::format("{}h", minutes / 60);
  if (minutes > 0) text += fmt::format("{}m", minutes % 60);
  return text + fmt::format("{:g}s", static_cast<double>(whole % 60'000) / 1000);
}

std::string Rfc3339(double unix_ms) {
  const auto seconds = static_cast<std::time_t>(std::ceil(unix_ms / 1000));
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(seconds));
}

}  // namespace mock_provider
