#include "mock_provider/rules/schedule.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace mock_provider {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();

// In doubles that are whole numbers, whose sums and remainders are exact: a sum of fractions may lie just
// beside the time that the clock shows at the edge.
double Microseconds(double ms) { return std::round(ms * 1000); }

struct WindowInMicroseconds {
  explicit WindowInMicroseconds(const Window& window)
      : after(Microseconds(window.after_ms)),
        length(Microseconds(window.for_ms.value_or(kNever))),
        period(Microseconds(window.every_ms.value_or(kNever))) {}

  // The latest opening at or before now; only for a window that has opened.
  double LatestOpening(double now) const { return now - std::fmod(now - after, period); }

  double after, length, period;
};

bool IsOpen(const WindowInMicroseconds& window, double now) {
  return now >= window.after && now < window.LatestOpening(now) + window.length;
}

double NextEdge(const WindowInMicroseconds& window, double now) {
  if (now < window.after) return window.after;
  const double opened = window.LatestOpening(now);
  return opened + (now < opened + window.length ? window.length : window.period);
}

}  // namespace

bool AnyWindowOpen(const std::vector<Window>& windows, double now_ms) {
  const double now = Microseconds(now_ms);
  return std::any_of(windows.begin(), windows.end(),
                     [&](const Window& window) { return IsOpen(WindowInMicroseconds(window), now); });
}

double NextWindowEdge(const std::vector<Window>& windows, double now_ms) {
  const double now = Microseconds(now_ms);
  double next = kNever;
  for (const Window& window : windows) next = std::min(next, NextEdge(WindowInMicroseconds(window), now));
  return next / 1000;
}

}  // namespace mock_provider
