#include "proxy/process_signals.h"

#include <cstdlib>

namespace arbstr::proxy {

ProcessSignals::~ProcessSignals() {
  loop_.stop();
  if (thread_.joinable()) thread_.join();
}

ProcessSignals::Kind ProcessSignals::Await() {
  int which = SIGTERM;
  signals_.async_wait([&](const boost::system::error_code&, int signal) { which = signal; });
  loop_.restart();
  loop_.run();
  return which == SIGHUP ? Kind::kReload : Kind::kEnd;
}

void ProcessSignals::EndAtOnceOnAnother(int status) {
  AwaitAnother(status);
  loop_.restart();
  thread_ = std::thread([this] { loop_.run(); });
}

void ProcessSignals::AwaitAnother(int status) {
  signals_.async_wait([this, status](const boost::system::error_code& error, int signal) {
    if (error) return;
    if (signal != SIGHUP) std::_Exit(status);
    AwaitAnother(status);
  });
}

}  // namespace arbstr::proxy
