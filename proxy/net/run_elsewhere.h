// Work that would hold a loop up, done by a thread of a pool while its coroutine waits.
#ifndef ARBSTR_PROXY_NET_RUN_ELSEWHERE_H_
#define ARBSTR_PROXY_NET_RUN_ELSEWHERE_H_

#include <boost/asio/thread_pool.hpp>
#include <functional>

#include "proxy/net/task.h"

namespace arbstr::proxy {

// Ends when `work` has, with what it threw, whatever interrupts the request meanwhile: what `work` uses needs
// to live as long as this alone. Where the waiting coroutine is destroyed, work that has not begun never
// will, and its destruction waits for work that has.
Task<> RunElsewhere(asio::thread_pool& threads, std::function<void()> work);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_NET_RUN_ELSEWHERE_H_
