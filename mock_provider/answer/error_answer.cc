#include "mock_provider/answer/error_answer.h"

#include <fmt/format.h>

#include <string_view>

#include "mock_provider/answer/error_bodies.h"
#include "mock_provider/http/json_text.h"

namespace mock_provider {
namespace {

constexpr int kAnthropicOverloaded = 529;

constexpr const char* kBadGatewayHtml =
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad "
    "Gateway</h1></center>"
    "\r\n<hr><center>cloudflare</center>\r\n</body>\r\n</html>\r\n";

ErrorKind KindOfStatus(int status) {
  switch (status) {
    case 401:
      return ErrorKind::kInvalidApiKey;
    case 404:
      return ErrorKind::kModelNotFound;
    case 429:
      return ErrorKind::kRateLimit;
    case 500:
      return ErrorKind::kServerError;
    case 503:
    case kAnthropicOverloaded:
      return ErrorKind::kOverloaded;
    default:
      return ErrorKind::kStatus;
  }
}

int StatusOfKind(Dialect dialect, ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kStatus:
      return 500;
    case ErrorKind::kRateLimit:
      return 429;
    case ErrorKind::kInsufficientQuota:
      return dialect == Dialect::kAnthropic ? 402 : 429;
    case ErrorKind::kOverloaded:
      return dialect == Dialect::kAnthropic ? kAnthropicOverloaded : 503;
    case ErrorKind::kServerError:
      return 500;
    case ErrorKind::kContextLength:
      return 400;
    case ErrorKind::kInvalidApiKey:
      return 401;
    case ErrorKind::kModelNotFound:
      return 404;
    case ErrorKind::kContentFilter:
      return 400;
    case ErrorKind::kBadGatewayHtml:
      return 502;
  }
  return 500;
}

std::string Body(Dialect dialect, const ResolvedError& error, const ErrorContext& context) {
  switch (dialect) {
    case Dialect::kOpenAi:
      return OpenAiErrorBody(error, context);
    case Dialect::kAzure:
      return AzureErrorBody(error, context);
    case Dialect::kAnthropic:
      return AnthropicErrorBody(error, context);
  }
  return "";
}

ResolvedError Resolve(Dialect dialect, const ErrorAnswer& error) {
  ResolvedError resolved{.kind = error.kind, .status = error.status, .retry_after_ms = error.retry_after_ms};
  if (error.kind == ErrorKind::kStatus) {
    resolved.kind = KindOfStatus(error.status);
  } else {
    resolved.status = StatusOfKind(dialect, error.kind);
    if (error.kind == ErrorKind::kRateLimit && !resolved.retry_after_ms)
      resolved.retry_after_ms = kUsualRetryAfterMs;
  }
  return resolved;
}

}  // namespace

HttpAnswer MakeErrorAnswer(Dialect dialect, const ErrorAnswer& error, const ErrorContext& context) {
  const ResolvedError resolved = Resolve(dialect, error);
  HttpAnswer answer;
  answer.status = resolved.status;
  if (resolved.kind == ErrorKind::kBadGatewayHtml) {
    answer.SetHeader("content-type", "text/html");
    answer.body = kBadGatewayHtml;
  } else {
    answer.SetHeader("content-type", "application/json");
    answer.body = Body(dialect, resolved, context);
  }
  AddErrorHeaders(dialect, resolved, context, answer);
  return answer;
}

std::string MakeErrorEvent(Dialect dialect, const ErrorAnswer& error, const ErrorContext& context) {
  ResolvedError resolved = Resolve(dialect, error);
  // Inside a stream nobody sends HTML: a gateway that breaks there words it as a server's error.
  if (resolved.kind == ErrorKind::kBadGatewayHtml) resolved.kind = ErrorKind::kStatus;
  std::string body = Body(dialect, resolved, context);
  if (dialect != Dialect::kAnthropic) return "data: " + body + "\n\n";
  // In a stream the error has one member more.
  constexpr std::string_view kError = R"("error":{)";
  body.insert(body.find(kError) + kError.size(), R"("details":null,)");
  return "event: error\ndata: " + body + "\n\n";
}

HttpAnswer MakeRefusal(Dialect dialect, int status, const std::string& message, const std::string& code,
                       const std::string& param) {
  return JsonAnswer(
      dialect == Dialect::kAnthropic
          ? fmt::format(R"({{"type":"error","error":{{"type":"invalid_request_error","message":{}}}}})",
                        QuoteJsonLossy(message))
          : fmt::format(R"({{"error":{{"message":{},"type":"invalid_request_error","param":{},"code":{}}}}})",
                        QuoteJsonLossy(message), param.empty() ? "null" : QuoteJson(param),
                        code.empty() ? "null" : QuoteJson(code)),
      status);
}

}  // namespace mock_provider
