#include "mock_provider/http/http_answer.h"

#include <strings.h>

#include <charconv>
#include <iterator>
#include <utility>

#include "mock_provider/http/header_name.h"

namespace mock_provider {
namespace {

constexpr std::size_t kUsualHeadBytes = 256;
constexpr std::string_view kLineEnd = "\r\n";

constexpr std::pair<int, std::string_view> kReasons[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {413, "Payload Too Large"},
    {415, "Unsupported Media Type"},
    {422, "Unprocessable Entity"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {529, "Site is overloaded"},
};

std::string_view Reason(int status) {
  for (const auto& [known, reason] : kReasons) {
    if (known == status) return reason;
  }
  return "Unknown";
}

std::size_t BodySize(const HttpAnswer& answer) {
  if (!answer.IsStream()) return answer.body.size();
  std::size_t size = 0;
  for (const std::string& frame : answer.frames) size += frame.size();
  return size;
}

}  // namespace

void HttpAnswer::SetHeader(std::string_view name, std::string value) {
  for (auto& [known, old] : headers) {
    if (IsSameName(known, name)) {
      old = std::move(value);
      return;
    }
  }
  headers.emplace_back(name, std::move(value));
}

void HttpAnswer::FollowConnectionHeader() {
  // Head says how the connection goes on, and says it once.
  std::erase_if(headers, [&](const auto& header) {
    if (::strcasecmp(header.first.c_str(), "connection") != 0) return false;
    if (::strcasecmp(header.second.c_str(), "close") == 0) keep_alive = false;
    return ::strcasecmp(header.second.c_str(), "close") == 0 ||
           ::strcasecmp(header.second.c_str(), "keep-alive") == 0;
  });
}

std::string HttpAnswer::WholeBody() const {
  if (!IsStream()) return body;
  std::string whole;
  for (const std::string& frame : frames) whole += frame;
  return whole;
}

HttpAnswer JsonAnswer(std::string body, int status) {
  HttpAnswer answer;
  answer.status = status;
  answer.SetHeader("content-type", "application/json");
  answer.body = std::move(body);
  return answer;
}

std::string StatusLine(int status) {
  std::string line = "HTTP/1.1 " + std::to_string(status);
  line.append(" ").append(Reason(status)).append(kLineEnd);
  return line;
}

std::string Head(const HttpAnswer& answer, const std::vector<std::string>& framing) {
  std::string head;
  head.reserve(kUsualHeadBytes);
  head += StatusLine(answer.status);
  for (const auto& [name, value] : answer.headers)
    head.append(name).append(": ").append(value).append(kLineEnd);
  for (const std::string& line : framing) head.append(line).append(kLineEnd);
  if (!answer.keep_alive) {
    head += "Connection: close\r\n";
  } else if (answer.http10) {
    head += "Connection: keep-alive\r\n";
  }
  head += "\r\n";
  return head;
}

bool HasNoBody(int status) { return status == 204 || status == 304; }

bool HasNoBody(std::string_view method, int status) { return method == "HEAD" || HasNoBody(status); }

std::string HeadWithLength(const HttpAnswer& answer) {
  if (HasNoBody(answer.status)) return Head(answer, {});
  return Head(answer, {"Content-Length: " + std::to_string(BodySize(answer))});
}

std::string Chunk(std::string_view bytes) {
  char size[2 * sizeof(std::size_t)];
  const char* const size_end = std::to_chars(std::begin(size), std::end(size), bytes.size(), 16).ptr;
  const std::string_view hex(size, static_cast<std::size_t>(size_end - size));
  std::string chunk;
  chunk.reserve(sizeof size + bytes.size() + 2 * kLineEnd.size());
  return chunk.append(hex).append(kLineEnd).append(bytes).append(kLineEnd);
}

}  // namespace mock_provider
