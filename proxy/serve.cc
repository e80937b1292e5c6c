#include "proxy/serve.h"

#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <thread>

#include "proxy/configuration_source.h"
#include "proxy/logging.h"
#include "proxy/server/gateway_server.h"

namespace arbstr::proxy {
namespace {

constexpr int kFailed = 1;
constexpr int kWrongConfiguration = 2;

// A connection is a descriptor: as many as the machine lets us have.
void RaiseDescriptorLimit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

void AnnounceMocks(const Configuration& configuration) {
  if (!configuration.mocks) return;
  spdlog::warn("NO REAL PROVIDER IS CONFIGURED: answers come from built-in mock providers and mean nothing");
  for (const auto& provider : configuration.mocks->Urls()) {
    spdlog::warn("mock provider {} listening on {}", provider.name, provider.url);
  }
}

// Blocks until the first SIGTERM or SIGINT. A second one ends the process, whatever it is doing then.
class EndSignals {
 public:
  void Await() {
    signals_.async_wait(
        [this](const boost::system::error_code&, int) { asio::post(loop_, [this] { loop_.stop(); }); });
    loop_.run();
    signals_.async_wait([](const boost::system::error_code& error, int) {
      if (!error) std::_Exit(kFailed);
    });
    loop_.restart();
    second_ = std::thread([this] { loop_.run(); });
  }
  ~EndSignals() {
    loop_.stop();
    if (second_.joinable()) second_.join();
  }

 private:
  asio::io_context loop_;
  asio::signal_set signals_{loop_, SIGTERM, SIGINT};
  std::thread second_;
};

int Ended(int status) {
  if (!StopLogging()) std::_Exit(status);
  return status;
}

}  // namespace

int Serve(const CommandLine& line) {
  std::signal(SIGPIPE, SIG_IGN);
  RaiseDescriptorLimit();
  EndSignals signals;
  Configuration configuration = ReadConfiguration(line, /*start_mocks=*/true);
  for (const auto& error : configuration.errors) std::cerr << error << "\n";
  if (!configuration.config) return kWrongConfiguration;
  StartLogging(configuration.config->logging);
  for (const auto& warning : configuration.warnings) spdlog::warn("{}", warning);
  AnnounceMocks(configuration);

  auto server = GatewayServer::Start(*configuration.config);
  if (!server.ok()) {
    spdlog::error("{}", std::string(server.status().message()));
    return Ended(kFailed);
  }
  const char* const scheme = configuration.config->server.tls_certificate ? "https" : "http";
  std::cout << "arbstr listening on " << scheme << "://" << (*server)->address() << std::endl;
  signals.Await();
  spdlog::info("draining");
  const size_t lost = (*server)->Drain();
  if (lost > 0)
    spdlog::error("{} rows could not be written to {}", lost, configuration.config->database.path);
  server->reset();
  return Ended(lost == 0 ? 0 : kFailed);
}

}  // namespace arbstr::proxy
