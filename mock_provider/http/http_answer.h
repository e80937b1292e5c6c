// An answer before anything goes wrong with it, and the pieces of HTTP/1.1 that it is sent in.
#ifndef ARBSTR_MOCK_PROVIDER_HTTP_HTTP_ANSWER_H_
#define ARBSTR_MOCK_PROVIDER_HTTP_HTTP_ANSWER_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mock_provider {

struct HttpAnswer {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;  // all but the framing ones
  std::string body;
  std::vector<std::string> frames;  // not empty: a stream of these SSE events, `body` is unused
  bool http10 = false;              // the client cannot read chunks
  bool keep_alive = true;

  bool IsStream() const { return !frames.empty(); }

  // The header's value is replaced, or it is added.
  void SetHeader(std::string_view name, std::string value);

  // Takes a "Connection: close" among the headers at its word: the answer is the last of its connection.
  void FollowConnectionHeader();

  // What a body with a Content-Length carries: the body, or all frames in a row.
  std::string WholeBody() const;
};

HttpAnswer JsonAnswer(std::string body, int status = 200);

// "HTTP/1.1 503 Service Unavailable\r\n"; an unregistered status gets the reason "Unknown".
std::string StatusLine(int status);

// Status line and headers, then the given framing headers ("Content-Length: 12", each without CRLF), then
// the empty line.
std::string Head(const HttpAnswer& answer, const std::vector<std::string>& framing);

// Whether HTTP gives answers of that status no body, whatever their request (RFC 9110, 6.4.1).
bool HasNoBody(int status);
// The same of the answer to a request of that method. Who reads it takes what follows for the next answer.
bool HasNoBody(std::string_view method, int status);

// Head with the answer's true Content-Length; without one where there is no body to have a length.
std::string HeadWithLength(const HttpAnswer& answer);

// The bytes as one chunk of a chunked body. Not for the last one: no bytes would end the body.
std::string Chunk(std::string_view bytes);

inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_HTTP_HTTP_ANSWER_H_
