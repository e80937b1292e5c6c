// HTTP/1.1 messages out of bytes that somebody else reads: Beast's parser (RFC 9112) without its streams. A
// head is parsed first; its body follows through PutBody, or around the parser where its length is known. A
// request needs its Host; the fields of a trailer are dropped.
#ifndef ARBSTR_PROXY_HTTP_MESSAGE_PARSER_H_
#define ARBSTR_PROXY_HTTP_MESSAGE_PARSER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "proxy/http/body_buffer.h"

namespace arbstr::proxy {

enum class ParseStatus { kNeedMore, kDone, kBad };

enum class ParseError { kNone, kMalformed, kHeadTooLarge, kTargetTooLong, kBodyTooLarge, kTransferEncoding };

struct ParseStep {
  ParseStatus status;
  // Bytes of the input that are done with; the rest is to be given again, with more behind it.
  size_t consumed;
};

template <bool kRequest>
class MessageParser {
 public:
  // `head_limit`: bytes of start line and fields together.
  explicit MessageParser(size_t head_limit);
  ~MessageParser();
  MessageParser(MessageParser&&) noexcept;
  MessageParser& operator=(MessageParser&&) noexcept;

  ParseStep PutHead(std::string_view bytes);
  // Appends the decoded body to `body`; kBad with kBodyTooLarge at its limit.
  ParseStep PutBody(std::string_view bytes, BodyBuffer& body);
  // The peer has closed: kDone for a body that only the close ends, else kBad.
  ParseStatus PutEof();

  // After kBad: what is wrong, as a category and in words.
  ParseError error() const;
  std::string error_text() const;

  // Valid once the head is done, while this lives.
  std::optional<std::string_view> Header(std::string_view name) const;
  size_t HeaderCount(std::string_view name) const;
  // Calls visit(name, value) for each field in order.
  template <typename Visit>
  void ForEachHeader(Visit&& visit) const {
    using Visitor = std::remove_reference_t<Visit>;
    VisitHeaders([](void* context, std::string_view name,
                    std::string_view value) { (*static_cast<Visitor*>(context))(name, value); },
                 &visit);
  }
  std::optional<uint64_t> content_length() const;
  bool chunked() const;
  bool keep_alive() const;
  bool http_1_0() const;
  // The message ends with its head (or its last byte has been put).
  bool body_done() const;

  std::string_view method() const requires kRequest;
  std::string_view target() const requires kRequest;
  int status() const requires(!kRequest);

 private:
  void VisitHeaders(void (*visit)(void*, std::string_view, std::string_view), void* context) const;

  struct Impl;
  std::unique_ptr<Impl> impl_;
};

using RequestParser = MessageParser<true>;
using ResponseParser = MessageParser<false>;
extern template class MessageParser<true>;
extern template class MessageParser<false>;

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_HTTP_MESSAGE_PARSER_H_
