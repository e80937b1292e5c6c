#include "proxy/net/own_limit.h"

#include <fmt/format.h>

#include <cerrno>

namespace arbstr::proxy {
namespace {

// Linux says EADDRNOTAVAIL where all ports are taken, and of every IPv6 address where IPv6 is switched off.
bool IsNoWay(const boost::asio::ip::address& address, const boost::system::error_code& error) {
  if (error.category() != boost::system::system_category()) return false;
  switch (error.value()) {
    case ENETUNREACH:
    case EHOSTUNREACH:
    case EAFNOSUPPORT:
      return true;
    case EADDRNOTAVAIL:
      return address.is_v6();
    default:
      return false;
  }
}

// What a process has no more of where the system says so; null for any other error.
const char* Lacking(const boost::system::error_code& error) {
  if (error.category() != boost::system::system_category()) return nullptr;
  switch (error.value()) {
    case EMFILE:
    case ENFILE:
      return "file descriptor";
    case EADDRNOTAVAIL:
      return "local port or address";
    case ENOBUFS:
    case ENOMEM:
    case EAGAIN:  // where a thread cannot be had, that too
      return "memory";
    case ENOSPC:  // of epoll: /proc/sys/fs/epoll/max_user_watches
      return "place in epoll";
    default:
      return nullptr;
  }
}

}  // namespace

bool IsOwnLimit(const boost::system::error_code& error) { return Lacking(error) != nullptr; }

std::string OwnLimitText(const boost::system::error_code& error) {
  return fmt::format("the gateway itself has no {} left to ask a provider with: {}", Lacking(error),
                     error.message());
}

void AddressErrors::Add(const boost::asio::ip::address& address, const ErrorCode& error) {
  last_ = error;
  if (IsNoWay(address, error)) return;
  if (IsOwnLimit(error)) {
    own_limit_ = error;
  } else {
    of_host_ = true;
  }
}

}  // namespace arbstr::proxy
