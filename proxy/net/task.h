// The coroutine and socket types of the proxy, on the concrete io_context executor: the type-erased default
// costs an indirect call an operation.
#ifndef ARBSTR_PROXY_NET_TASK_H_
#define ARBSTR_PROXY_NET_TASK_H_

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>

namespace arbstr::proxy {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;
using Executor = asio::io_context::executor_type;

// A coroutine that runs on one event loop. Every object of a connection lives on one loop, so none is locked.
template <typename T = void>
using Task = asio::awaitable<T, Executor>;

using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;

// The completion token of every operation here: expected endings come back as values, not as exceptions.
inline constexpr auto kUseTask = asio::as_tuple(asio::use_awaitable_t<Executor>{});

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_NET_TASK_H_
