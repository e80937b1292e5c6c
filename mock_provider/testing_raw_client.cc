#include "mock_provider/testing_raw_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace mock_provider::testing {
namespace {

using std::chrono::steady_clock;

constexpr auto kPatience = std::chrono::seconds(10);

}  // namespace

std::string Received::Body() const {
  const std::size_t end = bytes.find("\r\n\r\n");
  return end == bytes.npos ? "" : bytes.substr(end + 4);
}

std::string Unchunked(const std::string& body) {
  std::string whole;
  for (std::size_t at = 0; at < body.size();) {
    const std::size_t line = body.find("\r\n", at);
    const std::size_t size = std::strtoul(body.c_str() + at, nullptr, 16);
    if (line == body.npos || size == 0 || line + 2 + size > body.size()) break;
    whole += body.substr(line + 2, size);
    at = line + 2 + size + 2;
  }
  return whole;
}

RawClient::RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

RawClient::~RawClient() { Close(); }

void RawClient::Close() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

void RawClient::Send(const std::string& bytes) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t written = ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (written <= 0) return;
    sent += static_cast<std::size_t>(written);
  }
}

Received RawClient::ReadUntil(const std::string& text) {
  Received received;
  const auto deadline = steady_clock::now() + kPatience;
  while (true) {
    if (!text.empty() && received.bytes.find(text) != std::string::npos) {
      received.ending = Ending::kOpen;
      return received;
    }
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - steady_clock::now()).count();
    pollfd readable{.fd = socket_, .events = POLLIN, .revents = 0};
    if (left <= 0 || ::poll(&readable, 1, static_cast<int>(left)) == 0) return received;
    char buffer[65536];
    const ssize_t bytes = ::recv(socket_, buffer, sizeof buffer, 0);
    if (bytes <= 0) {
      received.ending = bytes == 0 ? Ending::kFin : errno == ECONNRESET ? Ending::kReset : Ending::kTimeout;
      return received;
    }
    received.reads.push_back({std::string(buffer, static_cast<std::size_t>(bytes)), steady_clock::now()});
    received.bytes += received.reads.back().bytes;
  }
}

std::string ChatRequestText(const std::string& model, const std::string& members,
                            const std::string& headers) {
  const std::string body =
      R"({"model":")" + model + R"(","messages":[{"role":"user","content":"hello there"}])" + members + "}";
  return "POST /v1/chat/completions HTTP/1.1\r\nHost: mock\r\nContent-Type: application/json\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

Received Ask(std::uint16_t port, const std::string& model, const std::string& members) {
  RawClient client(port);
  client.Send(ChatRequestText(model, members, "Connection: close\r\n"));
  return client.ReadToEnd();
}

std::string AskAdmin(std::uint16_t port, const std::string& method, const std::string& target,
                     const std::string& body, int* status) {
  RawClient client(port);
  client.Send(method + " " + target + " HTTP/1.1\r\nHost: mock\r\nConnection: close\r\nContent-Length: " +
              std::to_string(body.size()) + "\r\n\r\n" + body);
  const Received received = client.ReadToEnd();
  if (status && received.bytes.size() > 12) *status = std::atoi(received.bytes.c_str() + 9);
  return received.Body();
}

}  // namespace mock_provider::testing
