#include "proxy/http/cors.h"

#include <algorithm>

namespace arbstr::proxy {
namespace {

// How long a browser may remember the answer to a preflight, in seconds. Chromium takes no more than two
// hours.
constexpr std::string_view kMaxAge = "7200";

// The page that may read the answer, as Access-Control-Allow-Origin says it.
std::optional<std::string_view> AllowedOrigin(const std::vector<std::string>& origins,
                                              const RequestParser& head) {
  const auto origin = head.Header("origin");
  if (!origin || head.HeaderCount("origin") != 1) return std::nullopt;
  if (std::ranges::find(origins, "*") != origins.end()) return "*";
  if (std::ranges::find(origins, *origin) == origins.end()) return std::nullopt;
  return origin;
}

// All that a page may not read unless it is told. "*" would do, but older browsers take it for a name.
std::string ExposedNames(std::string_view fields) {
  std::string names = "x-arbstr-request-id";
  while (!fields.empty()) {
    const std::string_view name = fields.substr(0, fields.find(':'));
    if (name != "content-type") names.append(", ").append(name);
    fields.remove_prefix(std::min(fields.find('\n'), fields.size() - 1) + 1);
  }
  return names;
}

}  // namespace

std::string CorsFields(const std::vector<std::string>& origins, const RequestParser& head,
                       std::string_view fields) {
  std::string added;
  if (origins.empty()) return added;
  if (const auto origin = AllowedOrigin(origins, head)) {
    AddField(added, "access-control-allow-origin", *origin);
    if (head.method() != "OPTIONS") AddField(added, "access-control-expose-headers", ExposedNames(fields));
  }
  // Of a response to a request without Origin too, or a cache would give a page one that it may not read.
  AddField(added, "vary", "Origin");
  return added;
}

std::optional<Response> AnswerPreflight(const std::vector<std::string>& origins, const RequestParser& head) {
  if (head.method() != "OPTIONS" || !head.Header("access-control-request-method")) return std::nullopt;
  if (!AllowedOrigin(origins, head)) return std::nullopt;
  Response response;
  response.status = 204;
  AddField(response.fields, "access-control-allow-methods", "GET, HEAD, POST");
  // Whatever it asks for: SDKs have headers of their own (x-stainless-*), and "*" does not mean
  // Authorization.
  if (const auto asked = head.Header("access-control-request-headers")) {
    AddField(response.fields, "access-control-allow-headers", *asked);
    AddField(response.fields, "vary", "Access-Control-Request-Headers");
  }
  AddField(response.fields, "access-control-max-age", kMaxAge);
  return response;
}

}  // namespace arbstr::proxy
