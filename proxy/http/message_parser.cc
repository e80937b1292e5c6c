#include "proxy/http/message_parser.h"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include "proxy/http/ascii.h"
#include "proxy/http/head_fields.h"

namespace arbstr::proxy {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

std::string_view View(beast::string_view text) { return {text.data(), text.size()}; }

// Whether there is more between a field's name and its value, as Beast gives them, than a colon and spaces. A
// value on several lines is put together elsewhere, or, where its first lines are empty, begins on a later
// one.
bool IsFolded(std::string_view name, std::string_view value) {
  const char* at = name.data() + name.size() + 1;
  while (at != value.data() && (*at == ' ' || *at == '\t')) ++at;
  return at != value.data();
}

// Beast's parser, whose head is kept here and whose body goes straight to a BodyBuffer that the caller owns.
template <bool kRequest>
class HeadParser : public http::basic_parser<kRequest> {
 public:
  BodyBuffer* sink = nullptr;
  HeadFields fields;
  HeadFields::Part method, target;
  bool folded = false;  // a field stood on several lines
  int version = 11;     // 10 or 11: Beast takes no other
  int status = 0;

 private:
  using Error = beast::error_code;

  void on_request_impl(http::verb, beast::string_view name, beast::string_view where, int number,
                       Error&) override {
    method = fields.Keep(View(name));
    target = fields.Keep(View(where));
    version = number;
  }
  void on_response_impl(int code, beast::string_view, int number, Error&) override {
    status = code;
    version = number;
  }
  // The fields of a chunked body's trailer are read past: what comes behind a head has no part in it
  // (RFC 9110 §6.5.1).
  void on_field_impl(http::field, beast::string_view name, beast::string_view value, Error&) override {
    if (this->is_header_done()) return;
    folded |= IsFolded(View(name), View(value));
    fields.Add(View(name), View(value));
  }
  void on_header_impl(Error&) override {}
  void on_body_init_impl(const boost::optional<uint64_t>&, Error&) override {}
  size_t on_body_impl(beast::string_view bytes, Error& error) override {
    if (sink->Append(View(bytes))) return bytes.size();
    error = http::error::body_limit;
    return 0;
  }
  // A recipient ignores extensions that it does not know (RFC 9112 §7.1.1), but two that read them
  // differently see two different requests, and no client of the OpenAI API sends any.
  void on_chunk_header_impl(uint64_t, beast::string_view extensions, Error& error) override {
    if (kRequest && !extensions.empty()) error = http::error::bad_chunk_extension;
  }
  size_t on_chunk_body_impl(uint64_t, beast::string_view bytes, Error& error) override {
    return on_body_impl(bytes, error);
  }
  void on_finish_impl(Error&) override {}
};

// Whether a line of `lines` ends without a carriage return. Beast would wait for one, in vain.
bool HasBareLineFeed(std::string_view lines) {
  for (size_t at = lines.find('\n'); at != lines.npos; at = lines.find('\n', at + 1)) {
    if (at == 0 || lines[at - 1] != '\r') return true;
  }
  return false;
}

// Fewer bytes than the shortest chunked body has. Beast asserts that it never sees its last chunk in less.
constexpr size_t kLeastChunkedBytes = 5;

}  // namespace

template <bool kRequest>
struct MessageParser<kRequest>::Impl {
  explicit Impl(size_t limit) : head_limit(limit) {
    parser.header_limit(static_cast<uint32_t>(limit));
    parser.body_limit(boost::none);
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
    const HeadFields& fields = parser.fields;
    const bool old = parser.version == 10;
    if (kRequest) {
      const size_t hosts = fields.Count("host");
      if (hosts > 1 || (hosts == 0 && !old))
        return Bad(consumed, ParseError::kMalformed, "it needs one Host field");
      // Equal ones too, which RFC 9110 §8.6 lets a recipient refuse: who repeats it is not to be trusted.
      const size_t length = fields.Find("content-length");
      if (fields.Count("content-length") > 1 ||
          (length < fields.size() && fields[length].value.find(',') != std::string_view::npos))
        return Bad(consumed, ParseError::kMalformed, "it has more than one Content-Length");
    }
    const size_t coding = fields.Find("transfer-encoding");
    if (coding < fields.size() &&
        (old || !parser.chunked() || !EqualsIgnoringCase(fields[coding].value, "chunked"))) {
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
    const size_t used = parser.put(boost::asio::buffer(within.substr(consumed)), error);
    // RFC 9112 §5.2: a server refuses obs-fold, or somebody behind it may read the line as a field of its
    // own.
    if (kRequest && parser.folded) {
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
  parser.sink = &body;
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
    if (error == http::error::need_more) {
      if (HasBareLineFeed(bytes.substr(consumed))) {
        return impl_->Bad(consumed, ParseError::kMalformed,
                          "a line of the chunked body has no CR before its LF");
      }
      return {ParseStatus::kNeedMore, consumed};
    }
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
  const HeadFields& fields = impl_->parser.fields;
  const size_t index = fields.Find(name);
  if (index == fields.size()) return std::nullopt;
  return fields[index].value;
}

template <bool kRequest>
size_t MessageParser<kRequest>::HeaderCount(std::string_view name) const {
  return impl_->parser.fields.Count(name);
}

template <bool kRequest>
void MessageParser<kRequest>::VisitHeaders(void (*visit)(void*, std::string_view, std::string_view),
                                           void* context) const {
  const HeadFields& fields = impl_->parser.fields;
  for (size_t index = 0; index < fields.size(); ++index)
    visit(context, fields[index].name, fields[index].value);
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
  return impl_->parser.version == 10;
}

template <bool kRequest>
bool MessageParser<kRequest>::body_done() const {
  return impl_->parser.is_done();
}

// clang before 16 instantiates these also where the constraint is not met.
template <bool kRequest>
std::string_view MessageParser<kRequest>::method() const requires kRequest {
  if constexpr (kRequest) return impl_->parser.fields.View(impl_->parser.method);
  return {};
}

template <bool kRequest>
std::string_view MessageParser<kRequest>::target() const requires kRequest {
  if constexpr (kRequest) return impl_->parser.fields.View(impl_->parser.target);
  return {};
}

template <bool kRequest>
int MessageParser<kRequest>::status() const requires(!kRequest) {
  if constexpr (!kRequest) return impl_->parser.status;
  return {};
}

template class MessageParser<true>;
template class MessageParser<false>;

}  // namespace arbstr::proxy
