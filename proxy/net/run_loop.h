// An event loop's thread, which one handler's exception does not end.
#ifndef ARBSTR_PROXY_NET_RUN_LOOP_H_
#define ARBSTR_PROXY_NET_RUN_LOOP_H_

#include <boost/asio/io_context.hpp>
#include <exception>

namespace arbstr::proxy {

// Runs `loop` until it is stopped or has nothing left to do. What a handler throws is given to `on_failure`:
// what it was about is lost, and every other connection of the loop goes on.
template <typename OnFailure>
void RunLoop(boost::asio::io_context& loop, OnFailure on_failure) {
  while (true) {
    try {
      loop.run();
      return;
    } catch (const std::exception& failure) {
      on_failure(failure);
    }
  }
}

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_NET_RUN_LOOP_H_
