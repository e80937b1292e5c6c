#include "mock_provider/rules/schedule.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace mock_provider {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();

// The latest opening at or before now; only for a window that has opened.
double LatestOpening(const Window& window, double now_ms) {
  if (!window.every_ms) return window.after_ms;
  return window.after_ms + std::floor((now_ms - window.after_ms) / *window.every_ms) * *window.every_ms;
}

bool IsOpen(const Window& window, double now_ms) {
  if (now_ms < window.after_ms) return false;
  return !window.for_ms || now_ms < LatestOpening(window, now_ms) + *window.for_ms;
}

double NextEdge(const Window& window, double now_ms) {
  if (now_ms < window.after_ms) return window.after_ms;
  if (!window.for_ms) return kNever;
  const double opened = LatestOpening(window, now_ms);
  if (now_ms < opened + *window.for_ms) return opened + *window.for_ms;
  return window.every_ms ? opened + *window.every_ms : kNever;
}

}  // namespace

bool AnyWindowOpen(const std::vector<Window>& windows, double now_ms) {
  return std::any_of(windows.begin(), windows.end(), [&](const Window& w) { return IsOpen(w, now_ms); });
}

double NextWindowEdge(const std::vector<Window>& windows, double now_ms) {
  double next = kNever;
  for (const Window& window : windows) next = std::min(next, NextEdge(window, now_ms));
  return next;
}

}  // namespace mock_provider
