// Puts messages through a parser the way a connection does, in pieces of any sizes, and writes down what came
// out.
#ifndef ARBSTR_PROXY_HTTP_TESTING_FEED_H_
#define ARBSTR_PROXY_HTTP_TESTING_FEED_H_

#include <functional>
#include <string>
#include <string_view>

#include "proxy/http/message_parser.h"

namespace arbstr::proxy {

struct Fed {
  ParseStatus status = ParseStatus::kNeedMore;  // of the whole message: kNeedMore where the input ended first
  ParseError error = ParseError::kNone;
  std::string start;   // "GET /x HTTP/1.1" without the method's spaces, or the status
  std::string fields;  // "Name: value\n" each
  std::string body;
  std::string rest;  // behind the message

  bool operator==(const Fed&) const = default;
};

// `piece(left)`: how many of the `left` bytes arrive next, at least 1. `ends`: the peer closes after them.
template <bool kRequest>
Fed Feed(std::string_view bytes, const std::function<size_t(size_t)>& piece, size_t head_limit = 4096,
         size_t body_limit = 1 << 20, bool ends = false) {
  MessageParser<kRequest> parser(head_limit);
  BodyBuffer body(body_limit);
  std::string input;
  Fed fed;
  bool head_done = false;
  while (true) {
    ParseStep step{ParseStatus::kNeedMore, 0};
    if (!head_done && !input.empty()) {
      step = parser.PutHead(input);
      input.erase(0, step.consumed);
      head_done = step.status == ParseStatus::kDone;
    }
    if (head_done) {
      step = parser.PutBody(input, body);
      input.erase(0, step.consumed);
    }
    if (step.status == ParseStatus::kNeedMore && bytes.empty() && ends) step.status = parser.PutEof();
    if (step.status == ParseStatus::kNeedMore && !bytes.empty()) {
      const size_t size = piece(bytes.size());
      input.append(bytes.substr(0, size));
      bytes.remove_prefix(size);
      continue;
    }
    fed.status = step.status;
    break;
  }
  fed.error = parser.error();
  if (!head_done) return fed;
  const std::string version = parser.http_1_0() ? "1.0" : "1.1";
  if constexpr (kRequest) {
    fed.start = std::string(parser.method()) + " " + std::string(parser.target()) + " " + version;
  } else {
    fed.start = std::to_string(parser.status()) + " " + version;
  }
  parser.ForEachHeader([&](std::string_view name, std::string_view value) {
    fed.fields.append(name).append(": ").append(value).append("\n");
  });
  fed.body = body.view();
  if (fed.status == ParseStatus::kDone) fed.rest = input + std::string(bytes);
  return fed;
}

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_HTTP_TESTING_FEED_H_
