#include "integration_tests/connect_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

#include "integration_tests/child_process.h"

namespace integration_tests {
namespace {

// How often a thread that waits looks whether the test is over.
constexpr int kLookMillis = 20;
constexpr std::string_view kHeadEnd = "\r\n\r\n";

// Where what follows a whole head begins.
std::size_t BodyAt(const std::string& input) { return input.find(kHeadEnd) + kHeadEnd.size(); }

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
  listener_.Stop();
  accepting_.join();
  for (std::thread& connection : connections_) connection.join();
}

void ConnectProxy::AnswerInstead(const std::string& bytes) {
  std::lock_guard lock(mutex_);
  instead_ = bytes;
}

std::vector<std::string> ConnectProxy::Heads() {
  std::lock_guard lock(mutex_);
  return heads_;
}

void ConnectProxy::Accept() {
  while (!stopped_) {
    const int connection = listener_.Accept();
    if (connection < 0) return;
    connections_.emplace_back([this, connection] {
      Serve(connection);
      ::close(connection);
    });
  }
}

void ConnectProxy::Serve(int connection) {
  std::string input;
  if (!ReadHead(connection, input)) return;
  std::optional<std::string> instead;
  {
    std::lock_guard lock(mutex_);
    heads_.push_back(input.substr(0, BodyAt(input)));
    instead = instead_;
  }
  if (!instead) return Forward(connection, input);
  if (instead->empty()) return Relay(connection, -1);
  SendAll(connection, *instead);
}

bool ConnectProxy::ReadHead(int connection, std::string& input) {
  while (input.find(kHeadEnd) == std::string::npos) {
    pollfd readable{connection, POLLIN, 0};
    if (::poll(&readable, 1, kLookMillis) == 0 && !stopped_) continue;
    char bytes[4096];
    const ssize_t got = stopped_ ? 0 : ::recv(connection, bytes, sizeof bytes, 0);
    if (got <= 0) return false;
    input.append(bytes, static_cast<std::size_t>(got));
  }
  return true;
}

void ConnectProxy::Forward(int connection, const std::string& input) {
  const std::size_t method_end = input.find(' '), target_end = input.find(' ', method_end + 1);
  const std::string target = input.substr(method_end + 1, target_end - method_end - 1);
  const int server = ConnectTo(PortOf(target));
  if (server < 0) {
    SendAll(connection, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
    return;
  }
  if (input.starts_with("CONNECT ")) {
    SendAll(connection, "HTTP/1.1 200 Connection established\r\nVia: 1.1 test\r\n\r\n");
    SendAll(server, input.substr(BodyAt(input)));
  } else {
    const std::size_t path = target.find('/', target.find("://") + 3);
    SendAll(server, input.substr(0, method_end + 1) + target.substr(path) + input.substr(target_end));
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
