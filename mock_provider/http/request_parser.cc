#include "mock_provider/http/request_parser.h"

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "mock_provider/http/header_name.h"

namespace mock_provider {
namespace {

namespace http = boost::beast::http;

// A length that a client only claims is not reserved beyond this.
constexpr std::uint64_t kMaxReserved = 64 << 10;
// What simdjson wants to be readable behind a text, so that it need not copy it first.
constexpr std::size_t kJsonPadding = 64;

// Path and query of a target. One in absolute form ("http://host/v1"), as a client sends it that takes the
// mock for a proxy, names the host as well (RFC 9112, 3.2.2).
std::string_view OriginForm(std::string_view target) {
  constexpr std::string_view kSchemes[] = {"http://", "https://"};
  for (const std::string_view scheme : kSchemes) {
    if (!boost::beast::iequals({target.data(), std::min(scheme.size(), target.size())},
                               {scheme.data(), scheme.size()}))
      continue;
    const std::size_t end = target.find_first_of("/?", scheme.size());
    return end == target.npos ? std::string_view("/") : target.substr(end);
  }
  return target;
}

}  // namespace

RequestParser::RequestParser(std::uint32_t max_head_bytes, std::uint64_t max_body_bytes) {
  header_limit(max_head_bytes);
  body_limit(max_body_bytes);
  eager(true);
}

HttpRequest RequestParser::Take() {
  request_.keep_alive = keep_alive();
  return std::move(request_);
}

void RequestParser::on_request_impl(http::verb, string_view method_text, string_view target, int version,
                                    error_code&) {
  request_.method.assign(method_text.data(), method_text.size());
  request_.target = OriginForm({target.data(), target.size()});
  if (request_.target.starts_with('?')) request_.target.insert(0, "/");
  request_.http10 = version == 10;
}

void RequestParser::on_response_impl(int, string_view, int, error_code&) {}

void RequestParser::on_field_impl(http::field name, string_view name_text, string_view value, error_code&) {
  if (head_ended_) return;
  auto& [lower_name, kept] = request_.headers.emplace_back();
  lower_name = LowerCaseName({name_text.data(), name_text.size()});
  kept.assign(value.data(), value.size());
  // HTTP/1.0 knows no answer before the answer.
  if (name == http::field::expect && !request_.http10 && boost::beast::iequals(value, "100-continue"))
    awaits_continue_ = true;
}

void RequestParser::on_header_impl(error_code& error) {
  head_ended_ = true;
  // Nothing says where such a body would end (RFC 9112, 6.3).
  if (request_.Header("transfer-encoding") && !chunked()) error = http::error::bad_transfer_encoding;
}

void RequestParser::on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) {
  if (length) request_.body.reserve(static_cast<std::size_t>(std::min(*length, kMaxReserved)) + kJsonPadding);
}

std::size_t RequestParser::on_body_impl(string_view bytes, error_code&) {
  request_.body.append(bytes.data(), bytes.size());
  return bytes.size();
}

void RequestParser::on_chunk_header_impl(std::uint64_t, string_view, error_code&) {}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, string_view bytes, error_code&) {
  request_.body.append(bytes.data(), bytes.size());
  return bytes.size();
}

void RequestParser::on_finish_impl(error_code&) {}

}  // namespace mock_provider
