#include "mock_provider/scenario/scenario_clock.h"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <cmath>

namespace mock_provider {
namespace {

using std::chrono::steady_clock;

constexpr double kLongestTimerMs = 3'600'000;  // longer waits are armed again

// Times are sums: those that mean the same differ by roundings.
bool Reached(ClockTime when, ClockTime now) {
  constexpr double kRoundingMs = 1e-6;
  return when.ms <= now.ms + kRoundingMs;
}

// Not rounded up: the clock is never ahead of real time.
double MsSince(steady_clock::time_point begin) {
  const auto passed = std::chrono::floor<std::chrono::microseconds>(steady_clock::now() - begin);
  return std::chrono::duration<double, std::milli>(passed).count();
}

}  // namespace

ScenarioClock::ScenarioClock(boost::asio::any_io_executor executor)
    : timer_(std::move(executor)), real_base_(steady_clock::now()) {}

ClockTime ScenarioClock::Now() const {
  return frozen_ ? base_ : ClockTime{ToMicrosecond(base_.ms + MsSince(real_base_))};
}

ScenarioClock::Ticket ScenarioClock::CallAt(ClockTime when, std::function<void()> callback) {
  const Ticket ticket{when, ++next_id_};
  if (std::isinf(when.ms)) return ticket;
  waiting_.emplace(ticket, std::move(callback));
  if (waiting_.begin()->first == ticket) Arm();
  return ticket;
}

void ScenarioClock::Cancel(const Ticket& ticket) {
  const bool first = !waiting_.empty() && waiting_.begin()->first == ticket;
  waiting_.erase(ticket);
  // A timer left running for nobody would keep the io_context from running out of work.
  if (first) Arm();
}

void ScenarioClock::Freeze() {
  base_ = Now();
  frozen_ = true;
  Arm();
}

void ScenarioClock::Run() {
  base_ = Now();
  real_base_ = steady_clock::now();
  frozen_ = false;
  Arm();
}

void ScenarioClock::Advance(double ms) {
  base_ = ClockTime{ToMicrosecond(Now().ms + ms)};
  real_base_ = steady_clock::now();
  CallDue();
}

void ScenarioClock::Restart() {
  base_ = origin_ = Now();
  real_base_ = steady_clock::now();
  Arm();
}

void ScenarioClock::CallDue() {
  const ClockTime now = Now();
  while (!waiting_.empty() && Reached(waiting_.begin()->first.first, now)) {
    // Taken out first: the callback may ask for more calls.
    const auto callback = std::move(waiting_.begin()->second);
    waiting_.erase(waiting_.begin());
    callback();
  }
  Arm();
}

void ScenarioClock::Arm() {
  // A frozen clock still calls, soon, whoever asks for a time that it has reached.
  if (waiting_.empty() || (frozen_ && !Reached(waiting_.begin()->first.first, Now()))) {
    timer_.cancel();
    return;
  }
  const double left = std::clamp(waiting_.begin()->first.first.ms - Now().ms, 0.0, kLongestTimerMs);
  // Rounded up: a caller must never find the clock short of the time it asked for.
  timer_.expires_after(
      std::chrono::ceil<std::chrono::microseconds>(std::chrono::duration<double, std::milli>(left)));
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) CallDue();
  });
}

}  // namespace mock_provider
