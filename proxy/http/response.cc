#include "proxy/http/response.h"

#include <algorithm>
#include <boost/beast/http/status.hpp>
#include <charconv>
#include <cstdint>
#include <cstring>

namespace arbstr::proxy {
namespace {

bool EndsLine(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; }

// Whether a byte of `text` ends a line. Eight at a time: only where one is below a space or is DEL (the usual
// test for such a byte in a word) are they looked at one by one.
bool HasLineEnd(std::string_view text) {
  constexpr uint64_t kEach = 0x0101010101010101;
  for (; text.size() >= sizeof(uint64_t); text.remove_prefix(sizeof(uint64_t))) {
    uint64_t word = 0;
    std::memcpy(&word, text.data(), sizeof word);
    const uint64_t deleted = word ^ (0x7f * kEach);
    const uint64_t found = ((word - 0x20 * kEach) & ~word) | ((deleted - kEach) & ~deleted);
    if ((found & (0x80 * kEach)) != 0 && std::ranges::any_of(text.substr(0, sizeof word), EndsLine))
      return true;
  }
  return std::ranges::any_of(text, EndsLine);
}

void AppendNumber(std::string& out, size_t number) {
  char digits[20];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

}  // namespace

void AddField(std::string& fields, std::string_view name, std::string_view value) {
  if (HasLineEnd(value)) return;
  fields.append(name).append(": ").append(value).append("\r\n");
}

std::string_view ReasonPhrase(int status) {
  const auto known = boost::beast::http::int_to_status(static_cast<unsigned>(status));
  if (known == boost::beast::http::status::unknown) return "";
  const auto phrase = boost::beast::http::obsolete_reason(known);
  return {phrase.data(), phrase.size()};
}

Response JsonResponse(int status, std::string json) {
  Response response;
  response.status = status;
  AddField(response.fields, "content-type", "application/json");
  response.body = std::move(json);
  return response;
}

std::string FormatHead(int status, std::string_view fields, std::string_view request_id, Framing framing,
                       size_t content_length, bool close) {
  std::string head;
  head.reserve(192 + fields.size());
  head.append("HTTP/1.1 ");
  AppendNumber(head, static_cast<size_t>(status));
  head.append(" ").append(ReasonPhrase(status)).append("\r\n").append(fields);
  head.append("x-arbstr-request-id: ").append(request_id).append("\r\n");
  if (framing == Framing::kChunked) {
    head.append("transfer-encoding: chunked\r\n");
  } else if (framing == Framing::kContentLength && status != 204 && status != 304) {
    // A 304's Content-Length would describe the 200's body.
    head.append("content-length: ");
    AppendNumber(head, content_length);
    head.append("\r\n");
  }
  if (close) head.append("connection: close\r\n");
  head.append("\r\n");
  return head;
}

}  // namespace arbstr::proxy
