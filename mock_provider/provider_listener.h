// A provider's port: accepts its connections, and refuses them while the scenario says so.
#ifndef ARBSTR_MOCK_PROVIDER_PROVIDER_LISTENER_H_
#define ARBSTR_MOCK_PROVIDER_PROVIDER_LISTENER_H_

#include <absl/status/status.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "mock_provider/http/listen_address.h"
#include "mock_provider/http/tcp_port.h"
#include "mock_provider/provider_host.h"
#include "mock_provider/scenario/scenario_clock.h"

namespace mock_provider {

class Connection;

class ProviderListener : public std::enable_shared_from_this<ProviderListener> {
 public:
  ProviderListener(boost::asio::any_io_executor executor, MockState& state,
                   std::shared_ptr<ProviderHost> host);

  // Binds to the provider's `listen` and begins to accept.
  absl::Status Open();

  // To be called when the provider's refusal windows or the clock's zero have changed.
  void FollowSchedule();

  // Closes the port and ends its connections.
  void Stop();

  ProviderHost& host() { return *host_; }
  std::uint16_t port() const { return port_.endpoint().port(); }
  std::string Url() const;
  // Whether this is where its port is, and whether it is on that host.
  bool IsAt(const ListenAddress& address) const;
  bool IsOn(const std::string& host) const;
  // Whether a client that connects to that host, an address or "localhost", and port comes here.
  bool IsReachedBy(const std::string& host, const std::string& wanted_port) const;

 private:
  // What the schedule wants of the port that was just bound, if that went well.
  absl::Status ListenOrRefuse(boost::system::error_code bound);
  // Takes the port again, to listen or to refuse. What prevents it is told on stderr.
  void Reopen();
  void Serve(boost::asio::ip::tcp::socket socket);

  MockState& state_;
  const std::shared_ptr<ProviderHost> host_;
  const boost::asio::any_io_executor executor_;
  TcpPort port_;
  bool refusing_ = false;
  bool lost_ = false;  // the port could not be taken again
  bool stopped_ = false;
  std::optional<ScenarioClock::Ticket> next_edge_;
  std::set<std::shared_ptr<Connection>> connections_;
};

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_PROVIDER_LISTENER_H_
