// Whether it is the gateway that lacks what a connection takes, which says nothing about the host.
#ifndef ARBSTR_PROXY_NET_OWN_LIMIT_H_
#define ARBSTR_PROXY_NET_OWN_LIMIT_H_

#include <boost/asio/ip/address.hpp>
#include <boost/system/error_code.hpp>
#include <string>

namespace arbstr::proxy {

// The system's errors where a process has no descriptor, port, memory or thread left.
bool IsOwnLimit(const boost::system::error_code& error);
// Of such an error, for whoever runs the gateway.
std::string OwnLimitText(const boost::system::error_code& error);

// What came of a host's addresses, none of which could be connected to.
class AddressErrors {
 public:
  using ErrorCode = boost::system::error_code;

  void Add(const boost::asio::ip::address& address, const ErrorCode& error);

  // An address that this machine has no way to, say of IPv6 where it has none, is not the host's failure
  // where a limit kept the gateway from another.
  bool own_limit() const { return own_limit_ && !of_host_; }
  // The error to report: our own limit if only that was in the way, else the last one.
  const ErrorCode& error() const { return own_limit() ? own_limit_ : last_; }

 private:
  ErrorCode last_;
  ErrorCode own_limit_;
  bool of_host_ = false;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_NET_OWN_LIMIT_H_
