#include "integration_tests/http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdlib>

#include "integration_tests/child_process.h"

namespace integration_tests {
namespace {

std::string LowerCase(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

bool Await(int socket, short what) {
  pollfd waiting{socket, what, 0};
  const auto limit = std::chrono::milliseconds(kPatience).count();
  return ::poll(&waiting, 1, static_cast<int>(limit)) > 0;
}

Response ReadHead(std::string_view head) {
  Response response;
  response.status = std::atoi(std::string(head.substr(head.find(' ') + 1, 3)).c_str());
  for (std::size_t at = head.find("\r\n") + 2; at < head.size();) {
    const std::size_t end = head.find("\r\n", at);
    const std::string_view line = head.substr(at, end - at);
    const std::size_t colon = line.find(':');
    if (colon != line.npos) {
      const std::size_t value = line.find_first_not_of(" \t", colon + 1);
      response.headers.emplace_back(LowerCase(std::string(line.substr(0, colon))),
                                    value == line.npos ? "" : std::string(line.substr(value)));
    }
    at = end + 2;
  }
  return response;
}

}  // namespace

std::string Response::Header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return "";
}

bool Response::Has(std::string_view name) const {
  return std::any_of(headers.begin(), headers.end(), [&](const auto& field) { return field.first == name; });
}

HttpClient::HttpClient(std::uint16_t port, Wait wait)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | (wait == Wait::kNo ? SOCK_NONBLOCK : 0), 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
      errno != EINPROGRESS) {
    Close();
  }
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

HttpClient::HttpClient(std::uint16_t port, const TlsLayer::Options& tls) : HttpClient(port) {
  if (socket_ < 0) return;
  tls_ = std::make_unique<TlsLayer>(socket_, tls);
  if (!tls_->established()) Close();
}

HttpClient::~HttpClient() { Close(); }

HttpClient::HttpClient(HttpClient&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      tls_(std::move(other.tls_)),
      ending_(other.ending_),
      input_(std::move(other.input_)) {}

bool HttpClient::Send(std::string_view bytes) {
  if (tls_) return socket_ >= 0 && tls_->Send(bytes);
  while (!bytes.empty()) {
    if (socket_ < 0 || !Await(socket_, POLLOUT)) return false;
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EAGAIN) continue;
    if (sent < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool HttpClient::ReadMore() {
  if (ending_ != Ending::kOpen || socket_ < 0) return false;
  if (tls_) return ReadMoreOverTls();
  if (!Await(socket_, POLLIN)) {
    ending_ = Ending::kTimedOut;
    return false;
  }
  char bytes[16384];
  const ssize_t got = ::recv(socket_, bytes, sizeof bytes, 0);
  if (got <= 0) {
    ending_ = got == 0 ? Ending::kClosed : Ending::kReset;
    return false;
  }
  input_.append(bytes, static_cast<std::size_t>(got));
  return true;
}

bool HttpClient::ReadMoreOverTls() {
  char bytes[16384];
  std::size_t got = 0;
  switch (tls_->Receive(bytes, sizeof bytes, got)) {
    case TlsLayer::Got::kBytes:
      input_.append(bytes, got);
      return true;
    case TlsLayer::Got::kOrderlyEnd:
      ending_ = Ending::kClosed;
      return false;
    case TlsLayer::Got::kCut:
      ending_ = Ending::kCut;
      return false;
    case TlsLayer::Got::kReset:
      ending_ = Ending::kReset;
      return false;
    case TlsLayer::Got::kTimedOut:
      break;
  }
  ending_ = Ending::kTimedOut;
  return false;
}

Response HttpClient::ReadResponse(bool head_only) {
  while (true) {
    std::size_t end = 0;
    while ((end = input_.find("\r\n\r\n")) == std::string::npos) {
      if (!ReadMore()) return {};
    }
    Response response = ReadHead(std::string_view(input_).substr(0, end + 2));
    input_.erase(0, end + 4);
    if (response.status >= 100 && response.status < 200) continue;
    if (head_only || response.status == 204) {
      response.complete = true;
    } else if (LowerCase(response.Header("transfer-encoding")) == "chunked") {
      response.body = TakeChunked(response.complete);
    } else if (response.Has("content-length")) {
      const std::size_t length = std::strtoull(response.Header("content-length").c_str(), nullptr, 10);
      while (input_.size() < length && ReadMore()) {
      }
      response.complete = input_.size() >= length;
      response.body = input_.substr(0, length);
      input_.erase(0, length);
    } else {
      response.body = ReadToEnd();
      response.complete = ending_ == Ending::kClosed;
    }
    return response;
  }
}

std::string HttpClient::TakeChunked(bool& complete) {
  std::string body;
  while (true) {
    std::size_t line = 0;
    while ((line = input_.find("\r\n")) == std::string::npos) {
      if (!ReadMore()) return body;
    }
    const std::size_t size = std::strtoull(input_.c_str(), nullptr, 16);
    while (input_.size() < line + 2 + size + 2) {
      if (ReadMore()) continue;
      body += input_.substr(std::min(input_.size(), line + 2), size);
      return body;
    }
    body += input_.substr(line + 2, size);
    input_.erase(0, line + 2 + size + 2);
    if (size == 0) {
      complete = true;
      return body;
    }
  }
}

bool HttpClient::HasInput(std::chrono::milliseconds limit) {
  pollfd waiting{socket_, POLLIN, 0};
  return !input_.empty() || ::poll(&waiting, 1, static_cast<int>(limit.count())) > 0;
}

std::string HttpClient::ReadUntil(std::string_view text) {
  while (input_.find(text) == std::string::npos && ReadMore()) {
  }
  const std::size_t found = input_.find(text);
  std::string taken = input_.substr(0, found == std::string::npos ? found : found + text.size());
  input_.erase(0, taken.size());
  return taken;
}

std::string HttpClient::ReadToEnd() {
  while (ReadMore()) {
  }
  return std::exchange(input_, "");
}

void HttpClient::ShutdownSend() {
  if (tls_) tls_->SendCloseNotify();
  ::shutdown(socket_, SHUT_WR);
}

void HttpClient::Close() {
  if (socket_ >= 0) ::close(std::exchange(socket_, -1));
}

void HttpClient::Reset() {
  const linger at_once{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  Close();
}

std::string ChatRequest(std::string_view body, const Fields& fields) {
  std::string text =
      "POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n";
  for (const auto& [name, value] : fields) text += name + ": " + value + "\r\n";
  text += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  return text.append(body);
}

std::string Get(std::string_view target, const Fields& fields) {
  std::string text = "GET " + std::string(target) + " HTTP/1.1\r\nHost: gateway\r\n";
  for (const auto& [name, value] : fields) text += name + ": " + value + "\r\n";
  return text + "\r\n";
}

Response Ask(std::uint16_t port, std::string_view request) {
  HttpClient client(port);
  // A gateway may refuse a request before it has read all of it: its answer is there all the same.
  (void)client.Send(request);
  return client.ReadResponse(request.substr(0, 5) == "HEAD ");
}

}  // namespace integration_tests
