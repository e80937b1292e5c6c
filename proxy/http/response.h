// What goes back to a client: a status, fields already in wire form, a body.
#ifndef ARBSTR_PROXY_HTTP_RESPONSE_H_
#define ARBSTR_PROXY_HTTP_RESPONSE_H_

#include <optional>
#include <string>
#include <string_view>

#include "proxy/http/body_buffer.h"

namespace arbstr::proxy {

// Appends "name: value\r\n". A value that could end the line (control characters) is left out with its name:
// nothing that a provider says can forge a header of ours.
void AddField(std::string& fields, std::string_view name, std::string_view value);

// Empty for a status that is not registered.
std::string_view ReasonPhrase(int status);

struct Response {
  int status = 200;
  std::string fields;  // AddField's; Content-Length, Connection and x-arbstr-request-id are the session's
  std::string body;
  std::optional<BodyBuffer> provider_body;  // in place of `body`: the provider's, as it came
  std::string error_code;                   // of an error of ours; for its line in the log
  bool close = false;                       // the connection cannot be used after it

  std::string_view body_view() const {
    return provider_body ? provider_body->view() : std::string_view(body);
  }
};

Response JsonResponse(int status, std::string json);

// How a body's end is marked.
enum class Framing { kContentLength, kChunked, kUntilClose };

// The whole head, the empty line included.
std::string FormatHead(int status, std::string_view fields, std::string_view request_id, Framing framing,
                       size_t content_length, bool close);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_HTTP_RESPONSE_H_
