// The scenario's clock: runs with real time, or stands still until it is moved. It shows whole microseconds
// (see scenario_time.h). Everything that waits in the mock waits on it. Belongs to the thread of its
// io_context.
#ifndef ARBSTR_MOCK_PROVIDER_SCENARIO_SCENARIO_CLOCK_H_
#define ARBSTR_MOCK_PROVIDER_SCENARIO_SCENARIO_CLOCK_H_

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <utility>

#include "mock_provider/scenario/scenario_time.h"

namespace mock_provider {

// A place on the clock's time line that no restart moves; NowMs() is what a scenario sees.
struct ClockTime {
  double ms = 0;
  auto operator<=>(const ClockTime&) const = default;
};

class ScenarioClock {
 public:
  using Ticket = std::pair<ClockTime, std::uint64_t>;

  explicit ScenarioClock(boost::asio::any_io_executor executor);

  double NowMs() const { return MsAt(Now()); }
  // What NowMs() is at that place.
  double MsAt(ClockTime when) const { return MsBetween(origin_.ms, when.ms); }
  ClockTime Now() const;
  bool frozen() const { return frozen_; }

  // Calls back once, on the io_context, when the clock has reached that time. An infinite time never comes.
  // Those due at the same time are called in the order they asked. A clock that is moved far at once calls
  // all that have become due.
  Ticket CallAt(ClockTime when, std::function<void()> callback);
  void Cancel(const Ticket& ticket);

  void Freeze();
  void Run();
  void Advance(double ms);  // to the microsecond
  // Sets the clock to zero; a frozen one stays frozen. Who waits goes on waiting for the time that was left.
  void Restart();

 private:
  void CallDue();
  void Arm();

  boost::asio::steady_timer timer_;
  bool frozen_ = false;
  ClockTime base_;  // the time at real_base_
  std::chrono::steady_clock::time_point real_base_;
  ClockTime origin_;
  std::uint64_t next_id_ = 0;
  std::map<Ticket, std::function<void()>> waiting_;
};

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_SCENARIO_SCENARIO_CLOCK_H_
