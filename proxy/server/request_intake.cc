#include "proxy/server/request_intake.h"

#include <fmt/format.h>

#include "proxy/http/ascii.h"

namespace arbstr::proxy {
namespace {

constexpr size_t kMaxTargetBytes = 8192;

ApiError TargetTooLong() {
  return {414, "", fmt::format("The request's target is longer than {} bytes.", kMaxTargetBytes), ""};
}

ApiError HeadError(const RequestParser& head, const ServerConfig& limits) {
  switch (head.error()) {
    case ParseError::kHeadTooLarge:
      return {431, "",
              fmt::format("The request's head is larger than {} bytes (server.max_header_bytes).",
                          limits.max_header_bytes),
              ""};
    case ParseError::kTargetTooLong:
      return TargetTooLong();
    case ParseError::kTransferEncoding:
      return {501, "", "The request's body has a transfer coding other than chunked: send it as it is.", ""};
    case ParseError::kNone:
    case ParseError::kMalformed:
    case ParseError::kBodyTooLarge:
      break;
  }
  return {400, "", fmt::format("The request is not valid HTTP/1.1: {}.", head.error_text()), ""};
}

ApiError BodyTooLarge(const ServerConfig& limits) {
  return {413, "",
          fmt::format("The body is larger than {} bytes (server.max_body_bytes).", limits.max_body_bytes),
          ""};
}

ApiError BodyTimeout(const ServerConfig& limits) {
  return {408, "",
          fmt::format("The body did not arrive within {} ms (server.body_timeout_ms).",
                      limits.body_timeout.count()),
          ""};
}

// Temporaries that are braced inside a coroutine are destroyed twice by g++ 12: results are made by
// functions.
IntakeResult Refused(ApiError error) { return {false, std::make_unique<const ApiError>(std::move(error))}; }
IntakeResult Gone() { return {true, nullptr}; }

ApiError HeadTimeout(const ServerConfig& limits) {
  return {408, "",
          fmt::format("The request's head did not arrive within {} ms (server.header_timeout_ms).",
                      limits.header_timeout.count()),
          ""};
}

ApiError ChunkHeaderTooLong() { return {400, "", "A chunk's header is too long.", ""}; }

Task<IntakeResult> ReadExactBody(ClientConnection& client, const ServerConfig& limits, size_t length,
                                 BodyBuffer& body) {
  body.Reserve(length);
  const std::string_view early = client.input().substr(0, length);
  body.Append(early);
  client.Consume(early.size());
  if (body.size() == length) co_return IntakeResult();
  const auto by = client.clock().Now() + limits.body_timeout;
  while (body.size() < length) {
    size_t read = 0;
    const ErrorCode error = co_await client.ReadInto(body.Prepare(length - body.size()), by, read);
    body.Commit(read);
    if (error == asio::error::timed_out) co_return Refused(BodyTimeout(limits));
    if (error) co_return Gone();
  }
  co_return IntakeResult();
}

}  // namespace

Task<IntakeResult> ReadRequestHead(ClientConnection& client, const ServerConfig& limits, RequestParser& head,
                                   bool& waiting, const bool& draining) {
  auto by = client.clock().Now() + (waiting ? limits.idle_timeout : limits.header_timeout);
  while (true) {
    if (waiting) client.SkipEmptyLines();
    if (!client.input().empty()) {
      if (std::exchange(waiting, false)) by = client.clock().Now() + limits.header_timeout;
      const ParseStep step = head.PutHead(client.input());
      client.Consume(step.consumed);
      if (step.status == ParseStatus::kBad) co_return Refused(HeadError(head, limits));
      if (step.status == ParseStatus::kDone) break;
    }
    if (waiting && draining && !client.HasUnread()) co_return Gone();
    const ErrorCode error = co_await client.Fill(by);
    if (error == asio::error::timed_out && !waiting) {
      co_return Refused(HeadTimeout(limits));
    }
    if (error == asio::error::no_buffer_space) co_return Refused(HeadError(head, limits));
    if (error) co_return Gone();
  }
  if (head.target().size() > kMaxTargetBytes) {
    co_return Refused(TargetTooLong());
  }
  co_return IntakeResult();
}

bool HasBody(const RequestParser& head) { return head.chunked() || head.content_length().value_or(0) > 0; }

std::optional<ApiError> CheckBodyHead(const RequestParser& head, const ServerConfig& limits, bool required) {
  if (required && !head.chunked() && !head.content_length()) {
    return ApiError{411, "",
                    "The request has neither Content-Length nor chunked transfer coding: send a body.", ""};
  }
  if (head.content_length().value_or(0) > limits.max_body_bytes) return BodyTooLarge(limits);
  return std::nullopt;
}

Task<IntakeResult> ReadRequestBody(ClientConnection& client, const ServerConfig& limits, RequestParser& head,
                                   BodyBuffer& body) {
  if (!HasBody(head)) co_return IntakeResult();
  const auto expect = head.Header("expect");
  if (expect && EqualsIgnoringCase(*expect, "100-continue") && client.input().empty() && !head.http_1_0()) {
    if (co_await client.Write("HTTP/1.1 100 Continue\r\n\r\n")) co_return Gone();
  }
  if (!head.chunked()) co_return co_await ReadExactBody(client, limits, *head.content_length(), body);

  const auto by = client.clock().Now() + limits.body_timeout;
  while (true) {
    const ParseStep step = head.PutBody(client.input(), body);
    client.Consume(step.consumed);
    if (step.status == ParseStatus::kDone) co_return IntakeResult();
    if (step.status == ParseStatus::kBad) {
      co_return Refused(head.error() == ParseError::kBodyTooLarge ? BodyTooLarge(limits)
                                                                  : HeadError(head, limits));
    }
    const ErrorCode error = co_await client.Fill(by);
    if (error == asio::error::timed_out) co_return Refused(BodyTimeout(limits));
    if (error == asio::error::no_buffer_space) co_return Refused(ChunkHeaderTooLong());
    if (error) co_return Gone();
  }
}

}  // namespace arbstr::proxy
