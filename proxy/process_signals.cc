#include "proxy/process_signals.h"

#include <cstdlib>
#include <system_error>

namespace arbstr::proxy {

ProcessSignals::~ProcessSignals() {
  loop_.stop();
  if (thread_.joinable()) thread_.join();
  // Given back, SIGHUP would end the process: held until it is ignored. What was held is forgotten then.
  sigset_t reload, before;
  sigemptyset(&reload);
  sigaddset(&reload, SIGHUP);
  ::pthread_sigmask(SIG_BLOCK, &reload, &before);
  boost::system::error_code ignored;
  signals_.clear(ignored);
  std::signal(SIGHUP, SIG_IGN);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
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
  try {
    thread_ = std::thread([this] { loop_.run(); });
  } catch (const std::system_error&) {  // no memory for one: the end is waited for
  }
}

void ProcessSignals::AwaitAnother(int status) {
  signals_.async_wait([this, status](const boost::system::error_code& error, int signal) {
    if (error) return;
    if (signal != SIGHUP) std::_Exit(status);
    AwaitAnother(status);
  });
}

}  // namespace arbstr::proxy
