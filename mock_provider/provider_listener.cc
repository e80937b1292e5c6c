#include "mock_provider/provider_listener.h"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdio>
#include <exception>
#include <utility>

#include "mock_provider/connection.h"
#include "mock_provider/rules/schedule.h"

namespace mock_provider {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

ProviderListener::ProviderListener(asio::any_io_executor executor, MockState& state,
                                   std::shared_ptr<ProviderHost> host)
    : state_(state), host_(std::move(host)), acceptor_(std::move(executor)) {}

absl::Status ProviderListener::Open() {
  const std::string& listen = host_->provider.listen;
  const auto address = ParseListenAddress(listen.empty() ? "127.0.0.1:0" : listen);
  if (!address.ok()) return address.status();
  endpoint_ = tcp::endpoint(asio::ip::make_address(address->host), address->port);
  if (absl::Status bound = Bind(); !bound.ok()) return bound;
  if (absl::Status listening = Listen(); !listening.ok()) return listening;
  FollowSchedule();
  return absl::OkStatus();
}

absl::Status ProviderListener::Bind() {
  error_code error;
  acceptor_.open(endpoint_.protocol(), error);
  if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint_, error);
  if (!error) endpoint_ = acceptor_.local_endpoint(error);
  if (!error) return absl::OkStatus();
  return absl::UnavailableError(fmt::format("provider {}: cannot listen on {}:{}: {}", host_->provider.name,
                                            endpoint_.address().to_string(), endpoint_.port(),
                                            error.message()));
}

absl::Status ProviderListener::Listen() {
  error_code error;
  acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error)
    return absl::UnavailableError(fmt::format("provider {}: {}", host_->provider.name, error.message()));
  Accept();
  return absl::OkStatus();
}

void ProviderListener::FollowSchedule() {
  if (next_edge_) state_.clock.Cancel(*std::exchange(next_edge_, std::nullopt));
  if (stopped_) return;
  const auto& windows = host_->provider.refuse;
  // One reading of the clock for both, or the edge would come late by the time between two.
  const ClockTime line = state_.clock.Now();
  const double now = state_.clock.MsAt(line);
  const bool refuse = AnyWindowOpen(windows, now);
  if (refuse != std::exchange(refusing_, refuse) || lost_) Reopen();
  const double wait = NextWindowEdge(windows, now) - now;
  next_edge_ = state_.clock.CallAt({line.ms + wait}, [self = shared_from_this()] {
    self->next_edge_.reset();
    self->FollowSchedule();
  });
}

void ProviderListener::Reopen() {
  error_code ignored;
  acceptor_.close(ignored);
  // Bound without listening, the port refuses connections.
  absl::Status reopened = Bind();
  if (reopened.ok() && !refusing_) reopened = Listen();
  if (!reopened.ok() && !lost_) {
    fmt::print(stderr, "{}; it stays closed until a refusal begins or ends next\n",
               std::string(reopened.message()));
  }
  lost_ = !reopened.ok();
}

void ProviderListener::Stop() {
  stopped_ = true;
  if (next_edge_) state_.clock.Cancel(*std::exchange(next_edge_, std::nullopt));
  error_code ignored;
  acceptor_.close(ignored);
  for (const auto& connection : connections_) connection->Stop();
}

std::string ProviderListener::Url() const {
  std::string host = endpoint_.address().to_string();
  if (endpoint_.address().is_v6()) host = "[" + host + "]";
  return fmt::format("{}://{}:{}", host_->provider.tls ? "https" : "http", host, endpoint_.port());
}

bool ProviderListener::IsAt(const ListenAddress& address) const {
  return IsOn(address.host) && address.port == endpoint_.port();
}

bool ProviderListener::IsOn(const std::string& host) const {
  error_code error;
  return endpoint_.address() == asio::ip::make_address(host, error) && !error;
}

bool ProviderListener::IsReachedBy(const std::string& host, const std::string& port) const {
  if (port != std::to_string(endpoint_.port())) return false;
  error_code no_address;
  const auto address = asio::ip::make_address(host, no_address);
  const bool loopback = no_address ? host == "localhost" : address.is_loopback();
  if (endpoint_.address().is_unspecified()) return loopback;
  return no_address ? loopback && endpoint_.address().is_loopback() : address == endpoint_.address();
}

void ProviderListener::Accept() {
  acceptor_.async_accept([self = shared_from_this()](const error_code& error, tcp::socket socket) {
    if (self->stopped_ || self->refusing_ || error == asio::error::operation_aborted) return;
    if (!error) {
      self->Serve(std::move(socket));
      self->Accept();
      return;
    }
    // Out of file descriptors, most likely: those that end soon make room.
    auto timer =
        std::make_shared<asio::steady_timer>(self->acceptor_.get_executor(), std::chrono::milliseconds(50));
    timer->async_wait([self, timer](const error_code&) {
      if (self->acceptor_.is_open() && !self->refusing_) self->Accept();
    });
  });
}

void ProviderListener::Serve(tcp::socket socket) {
  const auto connection =
      std::make_shared<Connection>(std::move(socket), state_, host_, ++state_.connections);
  connections_.insert(connection);
  asio::co_spawn(acceptor_.get_executor(), connection->Serve(),
                 [self = shared_from_this(), connection](const std::exception_ptr&) {
                   self->connections_.erase(connection);
                 });
}

}  // namespace mock_provider
