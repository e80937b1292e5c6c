#include "proxy/net/connect.h"

#include <fmt/format.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "proxy/net/keep_alive.h"
#include "proxy/net/own_limit.h"

namespace arbstr::proxy {
namespace {

ConnectResult Failed(ConnectFailure failure, std::string message) {
  return {nullptr, failure, std::move(message)};
}

ConnectResult Connected(std::unique_ptr<ByteStream> stream) {
  return {std::move(stream), ConnectFailure::kNone, ""};
}

std::string TlsErrorText(ByteStream::TlsStream& tls, const std::string& host, const ErrorCode& error) {
  const long verified = SSL_get_verify_result(tls.native_handle());
  if (verified == X509_V_ERR_HOSTNAME_MISMATCH || verified == X509_V_ERR_IP_ADDRESS_MISMATCH) {
    return fmt::format("its certificate is not accepted: it is for another name than {}", host);
  }
  if (verified != X509_V_OK) {
    return fmt::format("its certificate is not accepted: {}", X509_verify_cert_error_string(verified));
  }
  return error == asio::ssl::error::stream_truncated || error == asio::error::eof
             ? "the connection was closed during the TLS handshake"
             : error.message();
}

// The certificate must name `host` in its subjectAltName: RFC 6125 for names, an iPAddress entry for address
// literals.
bool PrepareHandshake(ByteStream::TlsStream& tls, const std::string& host) {
  SSL* const ssl = tls.native_handle();
  SSL_set_verify(ssl, SSL_VERIFY_PEER, nullptr);
  ErrorCode not_literal;
  asio::ip::make_address(host, not_literal);
  if (!not_literal) return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) == 1;
  SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  return SSL_set_tlsext_host_name(ssl, host.c_str()) == 1 && SSL_set1_host(ssl, host.c_str()) == 1;
}

Task<ConnectResult> Handshake(std::unique_ptr<ByteStream> stream, const ConnectTarget& target,
                              Interrupt& interrupt) {
  auto& tls = stream->StartTls(*target.tls);
  if (!PrepareHandshake(tls, target.host)) co_return Failed(ConnectFailure::kTls, "TLS could not be set up");
  const auto [error] = co_await tls.async_handshake(asio::ssl::stream_base::client, kUseTask);
  if (interrupt.fired()) co_return Failed(ConnectFailure::kInterrupted, "the TLS handshake was not finished");
  if (error) co_return Failed(ConnectFailure::kTls, "TLS: " + TlsErrorText(tls, target.host, error));
  co_return Connected(std::move(stream));
}

// Registered with the loop anew. Asio has asked epoll whether the descriptor is writable, to await the
// connect, and epoll would say so again at each wait for input.
Socket ForInput(Socket connected, const asio::ip::address& address, ErrorCode& error) {
  Socket socket(connected.get_executor());
  const auto descriptor = connected.release(error);
  if (error) return socket;
  socket.assign(address.is_v4() ? asio::ip::tcp::v4() : asio::ip::tcp::v6(), descriptor, error);
  if (error) ::close(descriptor);  // the loop has no room for it
  return socket;
}

ConnectResult FailedLookup(const std::string& host, const ErrorCode& error) {
  if (IsOwnLimit(error)) return Failed(ConnectFailure::kOwnLimit, OwnLimitText(error));
  return Failed(ConnectFailure::kName, fmt::format("cannot resolve {}: {}", host, error.message()));
}

// When the first of `among` equal shares of the time until then is over.
Deadline::TimePoint ShareOf(Deadline::TimePoint now, Deadline::TimePoint until, size_t among) {
  return now + (until - now) / static_cast<std::chrono::nanoseconds::rep>(among);
}

Task<ConnectResult> ConnectTcp(const std::string& host, uint16_t port, Resolver& resolver,
                               DeadlineWheel& wheel, Deadline::TimePoint until, Interrupt& interrupt) {
  const auto answer = co_await resolver.Resolve(host, interrupt);
  if (interrupt.fired()) co_return Failed(ConnectFailure::kInterrupted, "the name lookup was not finished");
  if (answer.error) co_return FailedLookup(host, answer.error);
  AddressErrors errors;
  for (size_t left = answer.addresses.size(); left > 0; --left) {
    ErrorCode last;
    const auto& address = answer.addresses[answer.addresses.size() - left];
    Socket socket(co_await CurrentExecutor());
    // An address that swallows packets may use its share of the time that is left, not those of the others.
    Deadline share(wheel, [&] { socket.close(last); });
    if (left > 1) share.Arm(ShareOf(wheel.clock().Now(), until, left));
    const auto [error] = co_await socket.async_connect({address, port}, kUseTask);
    if (interrupt.fired()) {
      if (interrupt.reason() == InterruptReason::kConnectTimeout) resolver.Doubt(host);
      co_return Failed(ConnectFailure::kInterrupted, "no connection was made in time");
    }
    last = error;
    if (!error) {
      resolver.Trust(host, address);
      socket.set_option(asio::ip::tcp::no_delay(true), last);
      KeepAlive(socket.native_handle());
      auto stream = std::make_unique<ByteStream>(ForInput(std::move(socket), address, last));
      if (!last) co_return Connected(std::move(stream));
    }
    errors.Add(address, last);
  }
  if (errors.own_limit()) co_return Failed(ConnectFailure::kOwnLimit, OwnLimitText(errors.error()));
  resolver.Doubt(host);
  co_return Failed(ConnectFailure::kTcp, fmt::format("cannot connect: {}", errors.error().message()));
}

std::string OfProxy(const ProxyHop& proxy, const std::string& what) {
  return fmt::format("the proxy {}: {}", proxy.name, what);
}

Task<ConnectResult> ConnectThroughProxy(const ProxyHop& proxy, Resolver& resolver, DeadlineWheel& wheel,
                                        Deadline::TimePoint until, Interrupt& interrupt) {
  ConnectResult result = co_await ConnectTcp(proxy.host, proxy.port, resolver, wheel, until, interrupt);
  if (result.failure != ConnectFailure::kNone) result.message = OfProxy(proxy, result.message);
  if (!result.stream || !proxy.tunnel) co_return result;
  const std::string refusal = co_await proxy.tunnel->Open(*result.stream, interrupt);
  if (interrupt.fired()) {
    co_return Failed(ConnectFailure::kInterrupted, OfProxy(proxy, "the tunnel was not opened in time"));
  }
  if (!refusal.empty()) co_return Failed(ConnectFailure::kTcp, OfProxy(proxy, refusal));
  co_return result;
}

}  // namespace

Task<ConnectResult> Connect(const ConnectTarget& target, Resolver& resolver, DeadlineWheel& wheel,
                            std::chrono::milliseconds timeout, Interrupt& interrupt) {
  Deadline whole(wheel, [&] { interrupt.Fire(InterruptReason::kConnectTimeout); });
  const auto until = wheel.clock().Now() + timeout;
  whole.Arm(until);
  ConnectResult result;
  if (target.proxy) {
    result = co_await ConnectThroughProxy(*target.proxy, resolver, wheel, until, interrupt);
  } else {
    result = co_await ConnectTcp(target.host, target.port, resolver, wheel, until, interrupt);
  }
  if (!result.stream || !target.tls) co_return result;
  co_return co_await Handshake(std::move(result.stream), target, interrupt);
}

}  // namespace arbstr::proxy
