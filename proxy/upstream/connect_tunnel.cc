#include "proxy/upstream/connect_tunnel.h"

#include <fmt/format.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include "proxy/config/host.h"
#include "proxy/http/interim.h"
#include "proxy/http/message_parser.h"
#include "proxy/http/response.h"

namespace arbstr::proxy {
namespace {

constexpr size_t kHeadLimit = 16384;

std::string ConnectRequest(const std::string& authority, const std::string& authorization) {
  std::string request = fmt::format("CONNECT {} HTTP/1.1\r\n", authority);
  AddField(request, "host", authority);
  if (!authorization.empty()) AddField(request, "proxy-authorization", authorization);
  return request + "\r\n";
}

// Made by functions: g++ 12 destroys some temporaries of a coroutine's return twice.
std::string Broke(const ErrorCode& error) {
  return error == asio::error::eof ? "closed the connection before it had answered CONNECT"
                                   : "broke the connection: " + error.message();
}

std::string Refused(int status, const std::string& authority) {
  std::string why = fmt::format("answered {} to CONNECT {}", status, authority);
  if (status == 407) why += ": it wants a user and a password, which go into its URL";
  return why;
}

std::string NotHttp(const ResponseParser& response) {
  return "gave an answer to CONNECT that is not HTTP: " + response.error_text();
}

std::string TooTalkative() { return "sent more than its answer to CONNECT"; }

}  // namespace

ConnectTunnel::ConnectTunnel(const std::string& host, std::uint16_t port, const std::string& authorization)
    : authority_(HostAndPort(host, port)), request_(ConnectRequest(authority_, authorization)) {}

Task<std::string> ConnectTunnel::Open(ByteStream& stream, Interrupt& interrupt) const {
  const auto [write_error, sent] = co_await asio::async_write(stream, asio::buffer(request_), kUseTask);
  (void)sent;
  if (write_error) co_return Broke(write_error);
  std::string input;
  std::array<char, 4096> bytes;
  ResponseParser response(kHeadLimit);
  for (int interim = 0; !interrupt.fired();) {
    const ParseStep step = response.PutHead(input);
    input.erase(0, step.consumed);
    if (step.status == ParseStatus::kBad) co_return NotHttp(response);
    if (step.status == ParseStatus::kDone) {
      const int status = response.status();
      if (IsInterim(status) && ++interim <= kMaxInterimResponses) {
        response = ResponseParser(kHeadLimit);
        continue;
      }
      if (status < 200 || status > 299) co_return Refused(status, authority_);
      // The provider says nothing before it is spoken to: whoever said this must not be taken for it.
      if (!input.empty()) co_return TooTalkative();
      co_return std::string();
    }
    const auto [error, got] = co_await stream.async_read_some(asio::buffer(bytes), kUseTask);
    if (error) co_return Broke(error);
    input.append(bytes.data(), got);
  }
  co_return std::string();
}

}  // namespace arbstr::proxy
