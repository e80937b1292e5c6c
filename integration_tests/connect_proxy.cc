#include "integration_tests/connect_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>

#include "integration_tests/child_process.h"

namespace integration_tests {
namespace {

// How often a thread that waits looks whether the test is over.
constexpr int kLookMillis = 20;

int ConnectTo(std::uint16_t port) {
  const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return server;
  ::close(server);
  return -1;
}

bool SendAll(int socket, const std::string& bytes) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t more = ::send(socket, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (more <= 0) return false;
    sent += static_cast<std::size_t>(more);
  }
  return true;
}

// "host:443" or "http://host:9101/v1": the port behind the host's last colon.
std::uint16_t PortOf(const std::string& target) {
  const std::size_t scheme = target.find("://");
  const std::size_t host = scheme == std::string::npos ? 0 : scheme + 3;
  const std::string authority = target.substr(host, target.find('/', host) - host);
  return static_cast<std::uint16_t>(std::atoi(authority.substr(authority.rfind(':') + 1).c_str()));
}

}  // namespace

ConnectProxy::ConnectProxy() {
  accepting_ = std::thread([this] { Accept(); });
}

ConnectProxy::~ConnectProxy() {
  stopped_ = true;
  ::shutdown(listener_.descriptor, SHUT_RDWR);
  accepting_.join();
  for (std::thread& connection : connections_) connection.join();
  ::close(listener_.descriptor);
}

void ConnectProxy::AnswerInstead(const std::string& bytes) {
  std::lock_guard lock(mutex_);
  instead_ = true;
  answer_ = bytes;
}

std::vector<std::string> ConnectProxy::Heads() {
  std::lock_guard lock(mutex_);
  return heads_;
}

void ConnectProxy::Accept() {
  while (!stopped_) {
    const int connection = ::accept4(listener_.descriptor, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) return;
    connections_.emplace_back([this, connection] {
      Serve(connection);
      ::close(connection);
    });
  }
}

void ConnectProxy::Serve(int connection) {
  std::string input;
  std::size_t end = 0;
  while ((end = input.find("\r\n\r\n")) == std::string::npos) {
    pollfd readable{connection, POLLIN, 0};
    if (::poll(&readable, 1, kLookMillis) == 0 && !stopped_) continue;
    char bytes[4096];
    const ssize_t got = stopped_ ? 0 : ::recv(connection, bytes, sizeof bytes, 0);
    if (got <= 0) return;
    input.append(bytes, static_cast<std::size_t>(got));
  }
  const std::string head = input.substr(0, end + 4);
  const std::size_t method_end = head.find(' '), target_end = head.find(' ', method_end + 1);
  const std::string target = head.substr(method_end + 1, target_end - method_end - 1);
  std::string answer;
  bool instead = false;
  {
    std::lock_guard lock(mutex_);
    heads_.push_back(head);
    answer = answer_;
    instead = instead_;
  }
  if (instead) {
    if (!answer.empty()) {
      SendAll(connection, answer);
      return;
    }
    return Relay(connection, -1);
  }
  const int server = ConnectTo(PortOf(target));
  if (server < 0) {
    SendAll(connection, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
    return;
  }
  if (head.starts_with("CONNECT ")) {
    SendAll(connection, "HTTP/1.1 200 Connection established\r\nVia: 1.1 test\r\n\r\n");
    SendAll(server, input.substr(end + 4));
  } else {
    const std::size_t path = target.find('/', target.find("://") + 3);
    SendAll(server, head.substr(0, method_end + 1) + target.substr(path) + input.substr(target_end));
  }
  Relay(connection, server);
  ::close(server);
}

void ConnectProxy::Relay(int client, int server) {
  char bytes[16384];
  while (!stopped_) {
    pollfd sockets[] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
    if (::poll(sockets, 2, kLookMillis) <= 0) continue;
    for (int from = 0; from < 2; ++from) {
      if (sockets[from].revents == 0) continue;
      const ssize_t got = ::recv(sockets[from].fd, bytes, sizeof bytes, 0);
      if (got <= 0) return;
      if (server >= 0 && !SendAll(sockets[1 - from].fd, std::string(bytes, static_cast<std::size_t>(got))))
        return;
    }
  }
}

}  // namespace integration_tests
