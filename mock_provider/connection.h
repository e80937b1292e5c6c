// One client's connection to a provider: reads a request, has its answer planned, carries the plan out.
#ifndef ARBSTR_MOCK_PROVIDER_CONNECTION_H_
#define ARBSTR_MOCK_PROVIDER_CONNECTION_H_

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "mock_provider/http_intake.h"
#include "mock_provider/journal.h"
#include "mock_provider/provider_host.h"
#include "mock_provider/respond.h"
#include "mock_provider/scenario_clock.h"
#include "mock_provider/transport.h"
#include "mock_provider/upstream_call.h"
#include "mock_provider/wire_plan.h"

namespace mock_provider {

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(boost::asio::ip::tcp::socket socket, MockState& state, std::shared_ptr<ProviderHost> host,
             std::uint64_t id);

  // Runs until either side closes. The caller keeps the connection alive.
  boost::asio::awaitable<void> Serve();

  // Ends whatever it is doing, soon.
  void Stop();

 private:
  class Sink;

  boost::asio::awaitable<bool> Answer(HttpRequest request);
  // `last`: the answer ends with the plan.
  boost::asio::awaitable<bool> Play(const WirePlan& plan, bool last, const Journal::Ticket& ticket);
  boost::asio::awaitable<bool> Relay(const HttpRequest& request, PendingUpstream& pending,
                                     const Journal::Ticket& ticket);
  boost::asio::awaitable<bool> Write(const WireOp& op, bool ends, bool closes, const Journal::Ticket& ticket);
  boost::asio::awaitable<bool> Pause(double ms);
  boost::asio::awaitable<void> Settle(double ms);
  boost::asio::awaitable<void> Refuse(const Intake& intake);
  boost::asio::awaitable<bool> Greet();
  boost::asio::awaitable<void> Ignore();
  void Leave();
  void WatchInput();
  void ReadAhead();
  boost::asio::awaitable<void> Finish(const WireOp& op, const Journal::Ticket& ticket);
  void EndEntry(const Journal::Ticket& ticket);

  Transport transport_;
  MockState& state_;
  const std::shared_ptr<ProviderHost> host_;
  const std::uint64_t id_;
  boost::beast::flat_buffer buffer_;
  boost::asio::steady_timer gate_;  // opened by whatever ends a pause
  // When the current step of the plan was due. Pauses follow on each other from here, so that a clock moved
  // far at once plays out every pause it has passed.
  ClockTime timeline_;
  std::unique_ptr<UpstreamCall> call_;  // what a real provider is being asked
  bool answering_ = false;
  bool writing_ = false;
  bool watching_ = false;  // a wait for input is pending
  bool gone_ = false;      // the client has closed
  bool stopped_ = false;
};

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_CONNECTION_H_
