#include "proxy/http/message_parser.h"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/parser.hpp>
#include <iterator>
#include <stdexcept>

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

// The fields of a chunked body's trailer are read past: what comes behind a head has no part in it
// (RFC 9110 §6.5.1).
template <bool kRequest>
class HeadParser : public http::parser<kRequest, AppendBody> {
  void on_field_impl(http::field name, beast::string_view name_text, beast::string_view value,
                     beast::error_code&) override {
    if (!this->is_header_done()) this->get().insert(name, name_text, value);
  }
};

// Fewer bytes than the shortest chunked body has. Beast asserts that it never sees its last chunk in less.
constexpr size_t kLeastChunkedBytes = 5;

// RFC 9112 §5.2: a server refuses obs-fold, or somebody behind it may read the line as a field of its own.
// Beast takes a folded field as a whole or not at all, so the fold is never cut between two pieces.
bool HasFoldedLine(std::string_view piece) {
  return piece.find("\n ") != piece.npos || piece.find("\n\t") != piece.npos;
}

}  // namespace

template <bool kRequest>
struct MessageParser<kRequest>::Impl {
  explicit Impl(size_t limit) : head_limit(limit) {
    parser.header_limit(static_cast<uint32_t>(limit));
    parser.body_limit(boost::none);
    parser.get().body() = nullptr;
  }

  ParseStep Bad(size_t consumed, ParseError category, std::string why) {
    error = category;
    text = std::move(why);
    return {ParseStatus::kBad, consumed};
  }

  // `unread`: of the head, what has not been consumed. Beast may keep a start line there until the head is
  // whole.
  ParseStep HeadTooLarge(size_t consumed, std::string_view unread) {
    const bool in_start_line = head_bytes == 0 && unread.find('\n') == unread.npos;
    return Bad(consumed, in_start_line ? ParseError::kTargetTooLong : ParseError::kHeadTooLarge,
               "the head is too large");
  }

  // What Beast leaves to its user.
  std::optional<ParseStep> CheckHead(size_t consumed) {
    const auto& fields = parser.get();
    const bool old = fields.version() == 10;
    if (kRequest) {
      const size_t hosts = fields.count(http::field::host);
      if (hosts > 1 || (hosts == 0 && !old))
        return Bad(consumed, ParseError::kMalformed, "it needs one Host field");
    }
    const auto coding = fields.find(http::field::transfer_encoding);
    if (coding != fields.end() && (old || !parser.chunked() || !beast::iequals(coding->value(), "chunked"))) {
      return Bad(consumed, ParseError::kTransferEncoding, "the only transfer coding understood is chunked");
    }
    return std::nullopt;
  }

  HeadParser<kRequest> parser;
  const size_t head_limit;
  size_t head_bytes = 0;    // consumed
  bool body_begun = false;  // bytes of it have been consumed
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
  if (parser.is_header_done()) return {ParseStatus::kDone, 0};
  // Beast's own limit is one for each piece that it is given.
  const std::string_view within = bytes.substr(0, impl_->head_limit - impl_->head_bytes);
  size_t consumed = 0;
  while (!parser.is_header_done()) {
    beast::error_code error;
    size_t used = 0;
    try {
      used = parser.put(boost::asio::buffer(within.substr(consumed)), error);
    } catch (const std::length_error&) {  // a field that Beast cannot hold: 64 KiB
      return impl_->HeadTooLarge(consumed, within.substr(consumed));
    }
    if (kRequest && HasFoldedLine(within.substr(consumed, used))) {
      return impl_->Bad(consumed + used, ParseError::kMalformed, "a field is folded over several lines");
    }
    consumed += used;
    impl_->head_bytes += used;
    const bool at_limit = impl_->head_bytes + within.size() - consumed >= impl_->head_limit;
    if (error == http::error::header_limit || (error == http::error::need_more && at_limit)) {
      return impl_->HeadTooLarge(consumed, within.substr(consumed));
    }
    if (error == http::error::need_more) return {ParseStatus::kNeedMore, consumed};
    if (error) return impl_->Bad(consumed, ParseError::kMalformed, error.message());
  }
  if (const auto bad = impl_->CheckHead(consumed)) return *bad;
  return {ParseStatus::kDone, consumed};
}

template <bool kRequest>
ParseStep MessageParser<kRequest>::PutBody(std::string_view bytes, BodyBuffer& body) {
  auto& parser = impl_->parser;
  parser.get().body() = &body;
  parser.eager(true);
  if (parser.is_done()) return {ParseStatus::kDone, 0};
  size_t consumed = 0;
  if (!impl_->body_begun && bytes.size() < kLeastChunkedBytes && bytes.starts_with('0') && parser.chunked()) {
    return {ParseStatus::kNeedMore, 0};
  }
  while (!parser.is_done()) {
    if (consumed == bytes.size()) return {ParseStatus::kNeedMore, consumed};
    beast::error_code error;
    consumed += parser.put(boost::asio::buffer(bytes.substr(consumed)), error);
    impl_->body_begun |= consumed > 0;
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

// clang before 16 instantiates these also where the constraint is not met.
template <bool kRequest>
std::string_view MessageParser<kRequest>::method() const requires kRequest {
  if constexpr (kRequest) return View(impl_->parser.get().method_string());
  return {};
}

template <bool kRequest>
std::string_view MessageParser<kRequest>::target() const requires kRequest {
  if constexpr (kRequest) return View(impl_->parser.get().target());
  return {};
}

template <bool kRequest>
int MessageParser<kRequest>::status() const requires(!kRequest) {
  if constexpr (!kRequest) return static_cast<int>(impl_->parser.get().result_int());
  return {};
}

template class MessageParser<true>;
template class MessageParser<false>;

}  // namespace arbstr::proxy
