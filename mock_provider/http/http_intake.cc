#include "mock_provider/http/http_intake.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <string_view>
#include <utility>

#include "mock_provider/http/request_parser.h"

namespace mock_provider {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::beast::error_code;

constexpr std::size_t kSmallBuffer = 1024;
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

// What waits unparsed behind a head is the beginning of a chunk's extensions or of a trailer, to which Beast
// sets no limit.
Intake TooMuchFraming() {
  return Refused(431, "A chunk's extensions or the trailer are larger than 64 KiB.");
}

// Robust servers ignore empty lines where a request should begin (RFC 9112, 2.2). Whether anything else has
// come.
bool SkipEmptyLines(boost::beast::flat_buffer& buffer) {
  const auto begins = [&](std::string_view text) {
    const auto data = buffer.cdata();
    return std::string_view(static_cast<const char*>(data.data()), data.size()).substr(0, text.size()) ==
           text;
  };
  while (buffer.size() > 0) {
    if (begins("\n")) {
      buffer.consume(1);
    } else if (begins("\r\n")) {
      buffer.consume(2);
    } else {
      return !(buffer.size() == 1 && begins("\r"));
    }
  }
  return false;
}

// Gives the parser what has come; no error where that was not all.
error_code Parse(RequestParser& parser, boost::beast::flat_buffer& buffer) {
  error_code error;
  if (buffer.size() > 0) buffer.consume(parser.put(buffer.data(), error));
  if (error == http::error::need_more) error.clear();
  return error;
}

// How much to read at once: little while nothing is known of the request, so that a connection that waits
// holds little; a body in larger pieces.
std::size_t PieceSize(const RequestParser& parser, const boost::beast::flat_buffer& buffer) {
  constexpr std::size_t kBodyPiece = 16 << 10;
  if (parser.is_header_done()) return kBodyPiece;
  return std::max(kSmallBuffer, buffer.capacity() - buffer.size());
}

}  // namespace

asio::awaitable<Intake> ReadRequest(Transport& transport, boost::beast::flat_buffer& buffer) {
  RequestParser parser(kMaxHeadBytes, kMaxBodyBytes);
  bool told_to_continue = false, begun = false;
  while (true) {
    begun = begun || SkipEmptyLines(buffer);
    if (begun) {
      if (const error_code error = Parse(parser, buffer)) co_return FailedRead(error);
    }
    if (parser.is_done()) break;
    if (buffer.size() > kMaxHeadBytes) co_return TooMuchFraming();
    if (parser.AwaitsContinue() && !std::exchange(told_to_continue, true)) {
      static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
      const auto [error, bytes] = co_await asio::async_write(transport, asio::buffer(kContinue), kUseTuple);
      if (error) co_return Intake{};
    }
    const auto [error, bytes] =
        co_await transport.async_read_some(buffer.prepare(PieceSize(parser, buffer)), kUseTuple);
    if (error) co_return Intake{};
    buffer.commit(bytes);
  }
  if (buffer.size() == 0 && buffer.capacity() > kSmallBuffer) buffer.shrink_to_fit();
  Intake intake;
  intake.outcome = Intake::Outcome::kRequest;
  intake.request = parser.Take();
  co_return intake;
}

}  // namespace mock_provider
