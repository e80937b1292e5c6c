#include "mock_provider/provider_listener.h"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <cstdio>
#include <exception>
#include <utility>

#include "mock_provider/connection.h"
#include "mock_provider/rules/schedule.h"
#include "mock_provider/scenario/scenario_time.h"

namespace mock_provider {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

ProviderListener::ProviderListener(asio::any_io_executor executor, MockState& state,
                                   std::shared_ptr<ProviderHost> host)
    : state_(state),
      host_(std::move(host)),
      executor_(std::move(executor)),
      port_(executor_, [this](tcp::socket socket) { Serve(std::move(socket)); }) {}

absl::Status ProviderListener::Open() {
  const std::string& listen = host_->provider.listen;
  const auto address = ParseListenAddress(listen.empty() ? "127.0.0.1:0" : listen);
  if (!address.ok()) return address.status();
  if (absl::Status opened = ListenOrRefuse(port_.Bind(*address)); !opened.ok()) return opened;
  FollowSchedule();
  return absl::OkStatus();
}

absl::Status ProviderListener::ListenOrRefuse(error_code bound) {
  if (bound) {
    return absl::UnavailableError(fmt::format("provider {}: cannot listen on {}:{}: {}", host_->provider.name,
                                              port_.endpoint().address().to_string(), port(),
                                              bound.message()));
  }
  // Bound without listening, the port refuses connections.
  const error_code error = refusing_ ? error_code() : port_.Listen();
  if (!error) return absl::OkStatus();
  return absl::UnavailableError(fmt::format("provider {}: {}", host_->provider.name, error.message()));
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
  const double wait = MsBetween(now, NextWindowEdge(windows, now));
  next_edge_ = state_.clock.CallAt({ToMicrosecond(line.ms + wait)}, [self = shared_from_this()] {
    self->next_edge_.reset();
    self->FollowSchedule();
  });
}

void ProviderListener::Reopen() {
  const absl::Status reopened = ListenOrRefuse(port_.BindAgain());
  if (!reopened.ok() && !lost_) {
    fmt::print(stderr, "{}; it stays closed until a refusal begins or ends next\n",
               std::string(reopened.message()));
  }
  lost_ = !reopened.ok();
}

void ProviderListener::Stop() {
  stopped_ = true;
  if (next_edge_) state_.clock.Cancel(*std::exchange(next_edge_, std::nullopt));
  port_.Close();
  for (const auto& connection : connections_) connection->Stop();
}

std::string ProviderListener::Url() const {
  return fmt::format("{}://{}", host_->provider.tls ? "https" : "http", port_.HostAndPort());
}

bool ProviderListener::IsAt(const ListenAddress& address) const {
  return IsOn(address.host) && address.port == port();
}

bool ProviderListener::IsOn(const std::string& host) const {
  error_code error;
  return port_.endpoint().address() == asio::ip::make_address(host, error) && !error;
}

bool ProviderListener::IsReachedBy(const std::string& host, const std::string& wanted_port) const {
  if (wanted_port != std::to_string(port())) return false;
  const asio::ip::address own = port_.endpoint().address();
  error_code no_address;
  const auto address = asio::ip::make_address(host, no_address);
  const bool loopback = no_address ? host == "localhost" : address.is_loopback();
  if (own.is_unspecified()) return loopback;
  return no_address ? loopback && own.is_loopback() : address == own;
}

void ProviderListener::Serve(tcp::socket socket) {
  const auto connection =
      std::make_shared<Connection>(std::move(socket), state_, host_, ++state_.connections);
  connections_.insert(connection);
  asio::co_spawn(executor_, connection->Serve(),
                 [self = shared_from_this(), connection](const std::exception_ptr&) {
                   self->connections_.erase(connection);
                 });
}

}  // namespace mock_provider
