#include "mock_provider/http_intake.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cctype>
#include <utility>

namespace mock_provider {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::beast::error_code;

constexpr auto kUseTuple = asio::as_tuple(asio::use_awaitable);

Intake Refused(int status, std::string why) {
  return {.outcome = Intake::Outcome::kRefused, .status = status, .why = std::move(why), .request = {}};
}

Intake FailedRead(const error_code& error) {
  if (error == http::error::body_limit) return Refused(413, "The request body is larger than 64 MiB.");
  if (error == http::error::header_limit) return Refused(431, "The request head is larger than 64 KiB.");
  // Beast's own category holds what it could not parse; anything else is the socket's.
  const bool unparsable = error.category() == make_error_code(http::error::bad_method).category() &&
                          error != http::error::end_of_stream && error != http::error::partial_message;
  if (unparsable) return Refused(400, "Malformed HTTP request: " + error.message() + ".");
  return {};
}

HttpRequest Convert(http::request<http::string_body>&& message) {
  HttpRequest request;
  request.method = std::string(message.method_string());
  request.target = std::string(message.target());
  request.http10 = message.version() == 10;
  request.keep_alive = message.keep_alive();
  for (const auto& field : message) {
    std::string name(field.name_string());
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    request.headers.emplace_back(std::move(name), std::string(field.value()));
  }
  request.body = std::move(message.body());
  return request;
}

}  // namespace

asio::awaitable<Intake> ReadRequest(Transport& transport, boost::beast::flat_buffer& buffer) {
  http::request_parser<http::string_body> parser;
  parser.header_limit(kMaxHeadBytes);
  parser.body_limit(kMaxBodyBytes);
  auto [head_error, head_bytes] = co_await http::async_read_header(transport, buffer, parser, kUseTuple);
  if (head_error) co_return FailedRead(head_error);
  if (!parser.is_done() && parser.get()[http::field::expect] == "100-continue") {
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    auto [error, bytes] = co_await asio::async_write(transport, asio::buffer(kContinue), kUseTuple);
    if (error) co_return Intake{};
  }
  auto [error, bytes] = co_await http::async_read(transport, buffer, parser, kUseTuple);
  if (error) co_return FailedRead(error);
  Intake intake;
  intake.outcome = Intake::Outcome::kRequest;
  intake.request = Convert(parser.release());
  co_return intake;
}

}  // namespace mock_provider
