#include "integration_tests/raw_provider.h"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "integration_tests/child_process.h"

namespace integration_tests {
namespace {

sockaddr_in AddressOf(int connection, decltype(::getsockname)* which) {
  sockaddr_in address{};
  socklen_t length = sizeof address;
  which(connection, reinterpret_cast<sockaddr*>(&address), &length);
  return address;
}

// Bytes that the other side's socket has received and its program has not read, as the kernel tells of any
// socket (sock_diag(7)). A socket that is gone has none.
unsigned UnreadByPeer(int connection) {
  const sockaddr_in own = AddressOf(connection, ::getsockname), peer = AddressOf(connection, ::getpeername);
  struct {
    nlmsghdr header{};
    inet_diag_req_v2 request{};
  } query;
  query.header.nlmsg_len = sizeof query;
  query.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  query.header.nlmsg_flags = NLM_F_REQUEST;
  query.request.sdiag_family = AF_INET;
  query.request.sdiag_protocol = IPPROTO_TCP;
  query.request.idiag_states = ~0u;
  query.request.id.idiag_src[0] = peer.sin_addr.s_addr;
  query.request.id.idiag_sport = peer.sin_port;
  query.request.id.idiag_dst[0] = own.sin_addr.s_addr;
  query.request.id.idiag_dport = own.sin_port;
  query.request.id.idiag_cookie[0] = query.request.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;

  constexpr unsigned kNobodyKnows = 1;
  const int netlink = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (netlink < 0) return kNobodyKnows;
  const bool asked = ::send(netlink, &query, sizeof query, 0) == static_cast<ssize_t>(sizeof query);
  alignas(nlmsghdr) char answer[4096];
  const ssize_t got = asked ? ::recv(netlink, answer, sizeof answer, 0) : -1;
  ::close(netlink);
  nlmsghdr header{};
  nlmsgerr error{};
  inet_diag_msg socket{};
  if (got < static_cast<ssize_t>(sizeof header)) return kNobodyKnows;
  std::memcpy(&header, answer, sizeof header);
  if (header.nlmsg_type != SOCK_DIAG_BY_FAMILY) {
    std::memcpy(&error, answer + NLMSG_HDRLEN, sizeof error);
    return error.error == -ENOENT ? 0 : kNobodyKnows;
  }
  std::memcpy(&socket, answer + NLMSG_HDRLEN, sizeof socket);
  return socket.idiag_rqueue;
}

// Over loopback what has been sent is in the other socket when send returns; that it is acknowledged says no
// more, and comes 40 ms late.
bool WaitUntilRead(int connection) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (UnreadByPeer(connection) > 0) {
    if (std::chrono::steady_clock::now() >= until) return false;
    // Asked at once again, thousands of times, this would keep the gateway's core from the gateway.
    std::this_thread::sleep_for(std::chrono::microseconds(20));
  }
  return true;
}

}  // namespace

std::string EventStreamHead(std::size_t content_length) {
  return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: " +
         std::to_string(content_length) + "\r\n\r\n";
}

std::string ChunkedEventStreamHead() {
  return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
}

std::string Chunk(const std::string& data) {
  char size[16];
  std::snprintf(size, sizeof size, "%zx\r\n", data.size());
  return size + data + "\r\n";
}

RawProvider::RawProvider() {
  thread_ = std::thread([this] { Serve(); });
}

RawProvider::~RawProvider() {
  stopped_ = true;
  listener_.Stop();
  thread_.join();
}

void RawProvider::Answer(RawAnswer answer) {
  std::lock_guard lock(mutex_);
  answer_ = std::move(answer);
  asked_ = 0;
  answered_ = 0;
}

void RawProvider::Serve() {
  while (!stopped_) {
    const int connection = listener_.Accept();
    if (connection < 0) return;
    ++connections_;
    while (ServeOne(connection)) {
    }
    ::close(connection);
  }
}

bool RawProvider::ServeOne(int connection) {
  std::string request;
  char bytes[8192];
  // Every request here ends with the last brace of its body, and no other brace is followed by nothing.
  while (request.find("\"Hello there\"}]") == std::string::npos || !request.ends_with("}")) {
    const ssize_t got = ::recv(connection, bytes, sizeof bytes, 0);
    if (got <= 0) return false;
    request.append(bytes, static_cast<std::size_t>(got));
  }
  ++asked_;
  RawAnswer answer;
  {
    std::lock_guard lock(mutex_);
    answer = answer_;
  }
  Send(connection, answer);
  ++answered_;
  return answer.end == RawEnd::kKeepAlive;
}

void RawProvider::Send(int connection, const RawAnswer& answer) {
  const int on = 1;
  ::setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  bool first = true;
  for (const std::string& piece : answer.pieces) {
    if (!first) unread_ += !WaitUntilRead(connection);
    first = false;
    for (std::size_t sent = 0; sent < piece.size();) {
      const ssize_t more = ::send(connection, piece.data() + sent, piece.size() - sent, MSG_NOSIGNAL);
      if (more <= 0) return;
      sent += static_cast<std::size_t>(more);
    }
  }
  if (answer.end != RawEnd::kReset) return;
  unread_ += !WaitUntilRead(connection);  // or the reset could overtake it
  const linger at_once{1, 0};
  ::setsockopt(connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

}  // namespace integration_tests
