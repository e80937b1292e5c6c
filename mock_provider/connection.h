// One client's connection to a provider: reads a request, has its answer planned, carries the plan out.
#ifndef ARBSTR_MOCK_PROVIDER_CONNECTION_H_
#define ARBSTR_MOCK_PROVIDER_CONNECTION_H_

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "mock_provider/answer_player.h"
#include "mock_provider/http/http_intake.h"
#include "mock_provider/http/transport.h"
#include "mock_provider/http/wire_plan.h"
#include "mock_provider/journal/journal.h"
#include "mock_provider/provider_host.h"
#include "mock_provider/respond.h"
#include "mock_provider/rules/rate_limiter.h"
#include "mock_provider/scenario/scenario_clock.h"

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
  // What Respond decided, as far as it is needed until the answer is over.
  struct Planned {
    WirePlan plan{};
    std::unique_ptr<PendingUpstream> upstream{};
    std::unique_ptr<HttpRequest> asked{};  // for the upstream
    Journal::Ticket ticket{};
    ClockTime arrival{};
    // To be told of the end. Kept: a new scenario brings a limiter of its own.
    std::shared_ptr<RateLimiter> admitted_by{};
  };

  Planned Plan(HttpRequest&& request);
  Journal::Ticket AppendToJournal(HttpRequest&& request, Response& response, double now_ms);
  boost::asio::awaitable<bool> Answer(HttpRequest request);
  boost::asio::awaitable<bool> Relay(const HttpRequest& request, PendingUpstream& pending,
                                     const Journal::Ticket& ticket);
  boost::asio::awaitable<void> Refuse(const Intake& intake);
  boost::asio::awaitable<bool> Handshake();
  boost::asio::awaitable<void> Ignore();

  Transport transport_;
  MockState& state_;
  const std::shared_ptr<ProviderHost> host_;
  const std::uint64_t id_;
  boost::beast::flat_buffer buffer_;
  AnswerPlayer player_;
  bool stopped_ = false;
};

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_CONNECTION_H_
