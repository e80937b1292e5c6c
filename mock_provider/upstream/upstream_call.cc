#include "mock_provider/upstream/upstream_call.h"

#include <fmt/format.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <chrono>
#include <cstdlib>

#include "mock_provider/http/header_name.h"
#include "mock_provider/http/transport.h"
#include "mock_provider/scenario/event_stream_reply.h"

namespace mock_provider {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr auto kUseTuple = asio::as_tuple(asio::use_awaitable);
constexpr auto kConnectPatience = std::chrono::seconds(10);
constexpr auto kPatience = std::chrono::minutes(5);
constexpr std::size_t kPiece = 16 << 10;
constexpr std::uint32_t kMaxHead = 256 << 10;

UpstreamHead Convert(const http::response_parser<http::buffer_body>& parser) {
  UpstreamHead head;
  head.status = parser.get().result_int();
  for (const auto& field : parser.get()) {
    std::string name = LowerCaseName({field.name_string().data(), field.name_string().size()});
    std::string value(field.value());
    if (name == "content-type" && IsEventStreamType(value)) head.events = true;
    if (!IsHopHeader(name)) head.headers.emplace_back(std::move(name), std::move(value));
  }
  if (const auto length = parser.content_length()) head.length = *length;
  return head;
}

}  // namespace

struct UpstreamCall::State : std::enable_shared_from_this<State> {
  State(asio::any_io_executor executor, std::shared_ptr<const UpstreamTarget> aim)
      : target(std::move(aim)),
        resolver(executor),
        transport(asio::ip::tcp::socket(executor), target->tls),
        timer(executor) {
    BeginAnswer();
  }

  // A parser reads one answer, and a provider may announce the true one by others (103 Early Hints).
  void BeginAnswer() {
    parser.emplace();
    parser->header_limit(kMaxHead);
    parser->body_limit(boost::none);
    parser->skip(without_body);
  }

  void Expect(std::chrono::steady_clock::duration patience) {
    timer.expires_after(patience);
    timer.async_wait([weak = weak_from_this()](const error_code& not_late) {
      const auto self = weak.lock();
      if (not_late || !self) return;
      // It was put off when this was on its way.
      if (self->timer.expiry() > std::chrono::steady_clock::now()) return;
      self->late = true;
      self->Cancel();
    });
  }

  // Whatever the caller does next may take any time.
  void ExpectNothing() { timer.expires_at(std::chrono::steady_clock::time_point::max()); }

  void Cancel() {
    error_code ignored;
    cancelled = true;
    resolver.cancel();
    transport.socket().close(ignored);
  }

  absl::Status Failed(const char* doing, const error_code& error) const {
    return absl::UnavailableError(fmt::format("{} {}: {}", doing, target->url.Authority(),
                                              late ? std::string("it took too long") : error.message()));
  }

  const std::shared_ptr<const UpstreamTarget> target;
  asio::ip::tcp::resolver resolver;
  Transport transport;
  asio::steady_timer timer;
  boost::beast::flat_buffer buffer;
  std::optional<http::response_parser<http::buffer_body>> parser;
  bool without_body = false;
  bool late = false;
  bool cancelled = false;
  error_code pending;  // came with the last bytes, and is due after them
};

UpstreamCall::UpstreamCall(asio::any_io_executor executor, std::shared_ptr<const UpstreamTarget> target)
    : state_(std::make_shared<State>(std::move(executor), std::move(target))) {}

UpstreamCall::~UpstreamCall() { Cancel(); }

void UpstreamCall::Cancel() {
  state_->timer.cancel();
  state_->Cancel();
}

asio::awaitable<absl::StatusOr<UpstreamHead>> UpstreamCall::Ask(const HttpRequest& request) {
  const std::shared_ptr<State> state = state_;
  const UpstreamUrl& url = state->target->url;
  const std::string text = UpstreamRequestText(*state->target, request);
  state->Expect(kConnectPatience);
  const auto [unknown, endpoints] = co_await state->resolver.async_resolve(url.host, url.port, kUseTuple);
  // Each failure is told before it is known to have happened: a temporary inside co_return is destroyed twice
  // by g++ 12.
  absl::StatusOr<UpstreamHead> result = state->Failed("looking up", unknown);
  if (unknown || state->cancelled) co_return result;
  const auto [refused, endpoint] =
      co_await asio::async_connect(state->transport.socket(), endpoints, kUseTuple);
  result = state->Failed("connecting to", refused);
  if (refused) co_return result;
  if (state->transport.IsTls()) {
    const error_code distrusted = co_await state->transport.ConnectTls(url.host);
    result = state->Failed("TLS with", distrusted);
    if (distrusted) co_return result;
  }
  state->without_body = request.method == "HEAD";
  state->Expect(kPatience);
  const auto [unsent, sent] = co_await asio::async_write(state->transport, asio::buffer(text), kUseTuple);
  result = state->Failed("sending to", unsent);
  if (unsent) co_return result;
  do {
    state->BeginAnswer();
    const auto [unread, read] =
        co_await http::async_read_header(state->transport, state->buffer, *state->parser, kUseTuple);
    result = state->Failed("waiting for", unread);
    if (unread) co_return result;
  } while (state->parser->get().result_int() / 100 == 1);
  state->ExpectNothing();
  result = Convert(*state->parser);
  co_return result;
}

asio::awaitable<absl::StatusOr<std::string>> UpstreamCall::Read() {
  const std::shared_ptr<State> state = state_;
  std::string piece(kPiece, '\0');
  absl::StatusOr<std::string> result = std::string();
  while (!state->parser->is_done()) {
    if (state->pending) {
      result = state->Failed("reading from", state->pending);
      co_return result;
    }
    auto& body = state->parser->get().body();
    body.data = piece.data();
    body.size = piece.size();
    body.more = true;
    state->Expect(kPatience);
    const auto [error, bytes] =
        co_await http::async_read_some(state->transport, state->buffer, *state->parser, kUseTuple);
    state->ExpectNothing();
    piece.resize(kPiece - body.size);
    if (error && error != http::error::need_buffer) state->pending = error;
    if (!piece.empty()) {
      result = std::move(piece);
      co_return result;
    }
    piece.resize(kPiece);
  }
  co_return result;
}

}  // namespace mock_provider
