// Turns the bytes of an HTTP/1 request into an HttpRequest. Beast's parser does the work; this one stores
// what it finds where it is needed, so that nothing is copied twice.
#ifndef ARBSTR_MOCK_PROVIDER_HTTP_REQUEST_PARSER_H_
#define ARBSTR_MOCK_PROVIDER_HTTP_REQUEST_PARSER_H_

#include <boost/beast/core/error.hpp>
#include <boost/beast/core/string_type.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/optional/optional.hpp>
#include <cstddef>
#include <cstdint>

#include "mock_provider/http/http_request.h"

namespace mock_provider {

class RequestParser : public boost::beast::http::basic_parser<true> {
 public:
  // Bodies are parsed as they come, together with the head where they are there already.
  RequestParser(std::uint32_t max_head_bytes, std::uint64_t max_body_bytes);

  // Whether the client waits for a "100 Continue" before it sends the body.
  bool AwaitsContinue() const { return awaits_continue_ && !is_done(); }

  // What was parsed; once, when is_done().
  HttpRequest Take();

 private:
  using error_code = boost::beast::error_code;
  using string_view = boost::beast::string_view;

  void on_request_impl(boost::beast::http::verb method, string_view method_text, string_view target,
                       int version, error_code& error) override;
  void on_response_impl(int code, string_view reason, int version, error_code& error) override;
  void on_field_impl(boost::beast::http::field name, string_view name_text, string_view value,
                     error_code& error) override;
  void on_header_impl(error_code& error) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code& error) override;
  std::size_t on_body_impl(string_view bytes, error_code& error) override;
  void on_chunk_header_impl(std::uint64_t size, string_view extensions, error_code& error) override;
  std::size_t on_chunk_body_impl(std::uint64_t left, string_view bytes, error_code& error) override;
  void on_finish_impl(error_code& error) override;

  HttpRequest request_;
  bool awaits_continue_ = false;
  bool head_ended_ = false;  // fields from here on are a trailer's, and no headers
};

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_HTTP_REQUEST_PARSER_H_
