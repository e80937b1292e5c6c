// The signals of the program as a process: SIGTERM and SIGINT end it, SIGHUP reloads its configuration.
#ifndef ARBSTR_PROXY_PROCESS_SIGNALS_H_
#define ARBSTR_PROXY_PROCESS_SIGNALS_H_

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <thread>

namespace arbstr::proxy {

// From its construction on none of them ends the process by itself; what arrives is kept for Await.
class ProcessSignals {
 public:
  enum class Kind { kEnd, kReload };

  ProcessSignals() = default;
  // From here on SIGHUP is ignored, so that one that comes late does not end what has nearly ended. No other
  // thread runs.
  ~ProcessSignals();
  ProcessSignals(const ProcessSignals&) = delete;
  ProcessSignals& operator=(const ProcessSignals&) = delete;

  // Blocks until one arrives. After kEnd, call EndAtOnceOnAnother and nothing else.
  Kind Await();
  // A further SIGTERM or SIGINT ends the process with `status`, whatever it is doing then; SIGHUP is ignored.
  void EndAtOnceOnAnother(int status);

 private:
  void AwaitAnother(int status);

  boost::asio::io_context loop_;
  boost::asio::signal_set signals_{loop_, SIGTERM, SIGINT, SIGHUP};
  std::thread thread_;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_PROCESS_SIGNALS_H_
