// Which web pages may call the gateway from a browser: CORS as the Fetch standard has it. Credentials in its
// sense (cookies) are never allowed; the token is a header like any other. Pure.
#ifndef ARBSTR_PROXY_HTTP_CORS_H_
#define ARBSTR_PROXY_HTTP_CORS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/http/message_parser.h"
#include "proxy/http/response.h"

namespace arbstr::proxy {

// `origins`: of the pages that may call, exactly as browsers send them; "*": all may.

// The fields that let the page which sent `head` read a response that has `fields`: to be added to every
// response, a preflight's too. Without `origins` there are none.
std::string CorsFields(const std::vector<std::string>& origins, const RequestParser& head,
                       std::string_view fields);

// The answer to what a browser asks before it lets a page send a request, without CorsFields. Nothing: no
// such page may call, or the request is no preflight, and is one like any other.
std::optional<Response> AnswerPreflight(const std::vector<std::string>& origins, const RequestParser& head);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_HTTP_CORS_H_
