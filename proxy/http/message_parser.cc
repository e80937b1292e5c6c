#include "proxy/http/message_parser.h"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/parser.hpp>
#include <iterator>

namespace arbstr::proxy {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

std::string_view View(beast::string_view text) { return {text.data(), text.size()}; }
beast::string_view BeastView(std::string_view text) { return {text.data(), text.size()}; }

// A Beast body whose bytes go straight to a BodyBuffer that the caller owns.
struct AppendBody {
  using value_type = BodyBuffer*;

  class reader {
   public:
    template <bool kRequest, typename Fields>
    reader(http::header<kRequest, Fields>&, value_type& sink) : sink_(sink) {}
    void init(const boost::optional<uint64_t>&, beast::error_code& error) { error = {}; }
    template <typename Buffers>
    size_t put(const Buffers& buffers, beast::error_code& error) {
      error = {};
      size_t total = 0;
      for (auto it = boost::asio::buffer_sequence_begin(buffers);
           it != boost::asio::buffer_sequence_end(buffers); ++it) {
        const boost::asio::const_buffer part(*it);
        if (!sink_->Append({static_cast<const char*>(part.data()), part.size()})) {
          error = http::error::body_limit;
          return total;
        }
        total += part.size();
      }
      return total;
    }
    void finish(beast::error_code& error) { error = {}; }

   private:
    value_type& sink_;
  };
};

}  // namespace

template <bool kRequest>
struct MessageParser<kRequest>::Impl {
  explicit Impl(size_t head_limit) {
    parser.header_limit(static_cast<uint32_t>(head_limit));
    parser.body_limit(boost::none);
    parser.get().body() = nullptr;
  }

  ParseStep Bad(size_t consumed, ParseError category, std::string why) {
    error = category;
    text = std::move(why);
    return {ParseStatus::kBad, consumed};
  }

  http::parser<kRequest, AppendBody> parser;
  ParseError error = ParseError::kNone;
  std::string text;
};

template <bool kRequest>
MessageParser<kRequest>::MessageParser(size_t head_limit) : impl_(std::make_unique<Impl>(head_limit)) {}
template <bool kRequest>
MessageParser<kRequest>::~MessageParser() = default;
template <bool kRequest>
MessageParser<kRequest>::MessageParser(MessageParser&&) noexcept = default;
template <bool kRequest>
MessageParser<kRequest>& MessageParser<kRequest>::operator=(MessageParser&&) noexcept = default;

template <bool kRequest>
ParseStep MessageParser<kRequest>::PutHead(std::string_view bytes) {
  auto& parser = impl_->parser;
  size_t consumed = 0;
  while (!parser.is_header_done()) {
    beast::error_code error;
    const size_t used = parser.put(boost::asio::buffer(bytes.substr(consumed)), error);
    consumed += used;
    if (error == http::error::need_more) return {ParseStatus::kNeedMore, consumed};
    if (error == http::error::header_limit) {
      const bool in_start_line = parser.get().version() == 11 && bytes.find('\n') == bytes.npos;
      return impl_->Bad(consumed, in_start_line ? ParseError::kTargetTooLong : ParseError::kHeadTooLarge,
                        error.message());
    }
    if (error) return impl_->Bad(consumed, ParseError::kMalformed, error.message());
  }
  const auto coding = Header("transfer-encoding");
  if (coding && (http_1_0() || !parser.chunked() || !beast::iequals(BeastView(*coding), "chunked"))) {
    return impl_->Bad(consumed, ParseError::kTransferEncoding,
                      "the only transfer coding understood is chunked");
  }
  return {ParseStatus::kDone, consumed};
}

template <bool kRequest>
ParseStep MessageParser<kRequest>::PutBody(std::string_view bytes, BodyBuffer& body) {
  auto& parser = impl_->parser;
  parser.get().body() = &body;
  parser.eager(true);
  if (parser.is_done()) return {ParseStatus::kDone, 0};
  size_t consumed = 0;
  while (!parser.is_done()) {
    if (consumed == bytes.size()) return {ParseStatus::kNeedMore, consumed};
    beast::error_code error;
    consumed += parser.put(boost::asio::buffer(bytes.substr(consumed)), error);
    if (error == http::error::need_more) return {ParseStatus::kNeedMore, consumed};
    if (error == http::error::body_limit) {
      return impl_->Bad(consumed, ParseError::kBodyTooLarge, error.message());
    }
    if (error) return impl_->Bad(consumed, ParseError::kMalformed, error.message());
  }
  return {ParseStatus::kDone, consumed};
}

template <bool kRequest>
ParseStatus MessageParser<kRequest>::PutEof() {
  auto& parser = impl_->parser;
  if (parser.is_header_done() && (parser.is_done() || parser.need_eof())) return ParseStatus::kDone;
  impl_->Bad(0, ParseError::kMalformed, "the connection was closed before the message was complete");
  return ParseStatus::kBad;
}

template <bool kRequest>
ParseError MessageParser<kRequest>::error() const {
  return impl_->error;
}

template <bool kRequest>
std::string MessageParser<kRequest>::error_text() const {
  return impl_->text;
}

template <bool kRequest>
std::optional<std::string_view> MessageParser<kRequest>::Header(std::string_view name) const {
  const auto& fields = impl_->parser.get();
  const auto it = fields.find(BeastView(name));
  if (it == fields.end()) return std::nullopt;
  return View(it->value());
}

template <bool kRequest>
size_t MessageParser<kRequest>::HeaderCount(std::string_view name) const {
  return impl_->parser.get().count(BeastView(name));
}

template <bool kRequest>
void MessageParser<kRequest>::VisitHeaders(void (*visit)(void*, std::string_view, std::string_view),
                                           void* context) const {
  for (const auto& field : impl_->parser.get())
    visit(context, View(field.name_string()), View(field.value()));
}

template <bool kRequest>
std::optional<uint64_t> MessageParser<kRequest>::content_length() const {
  const auto length = impl_->parser.content_length();
  if (!length) return std::nullopt;
  return *length;
}

template <bool kRequest>
bool MessageParser<kRequest>::chunked() const {
  return impl_->parser.chunked();
}

template <bool kRequest>
bool MessageParser<kRequest>::keep_alive() const {
  return impl_->parser.keep_alive();
}

template <bool kRequest>
bool MessageParser<kRequest>::http_1_0() const {
  return impl_->parser.get().version() == 10;
}

template <bool kRequest>
bool MessageParser<kRequest>::body_done() const {
  return impl_->parser.is_done();
}

template <bool kRequest>
std::string_view MessageParser<kRequest>::method() const requires kRequest {
  return View(impl_->parser.get().method_string());
}

template <bool kRequest>
std::string_view MessageParser<kRequest>::target() const requires kRequest {
  return View(impl_->parser.get().target());
}

template <bool kRequest>
int MessageParser<kRequest>::status() const requires(!kRequest) {
  return static_cast<int>(impl_->parser.get().result_int());
}

template class MessageParser<true>;
template class MessageParser<false>;

}  // namespace arbstr::proxy
