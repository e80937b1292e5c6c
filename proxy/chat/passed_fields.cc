#include "proxy/chat/passed_fields.h"

#include <algorithm>
#include <array>

#include "proxy/http/head_fields.h"
#include "proxy/http/response.h"

namespace arbstr::proxy {
namespace {

bool HasPrefix(std::string_view name, std::string_view prefix) {
  return name.size() > prefix.size() && SameName(name.substr(0, prefix.size()), prefix);
}

constexpr std::array<std::string_view, 5> kRequestFields = {"content-type", "accept", "user-agent",
                                                            "traceparent", "tracestate"};
constexpr std::array<std::string_view, 6> kResponseFields = {
    "retry-after", "retry-after-ms", "x-should-retry", "x-request-id", "content-type", "content-encoding"};

}  // namespace

std::string RequestFieldsPassedOn(const RequestParser& head, const std::string& request_id,
                                  const std::vector<std::pair<std::string, std::string>>& given) {
  std::string fields;
  fields.reserve(256);
  head.ForEachHeader([&](std::string_view name, std::string_view value) {
    for (const std::string_view known : kRequestFields) {
      if (!SameName(known, name)) continue;
      if (std::ranges::none_of(given, [&](const auto& field) { return SameName(field.first, known); })) {
        AddField(fields, known, value);
      }
    }
  });
  AddField(fields, "idempotency-key", request_id);
  return fields;
}

std::string ResponseFieldsPassedOn(const ResponseParser& head) {
  std::string fields;
  fields.reserve(512);  // with room for what the gateway adds
  head.ForEachHeader([&](std::string_view name, std::string_view value) {
    const bool passed =
        std::ranges::any_of(kResponseFields, [&](auto known) { return SameName(known, name); }) ||
        HasPrefix(name, "x-ratelimit-") || HasPrefix(name, "openai-");
    if (passed) AddField(fields, name, value);
  });
  return fields;
}

std::string WithoutField(const std::string& fields, std::string_view name) {
  std::string kept;
  for (size_t at = 0; at < fields.size();) {
    const size_t next = fields.find('\n', at) + 1;
    const std::string_view line = std::string_view(fields).substr(at, next - at);
    if (!SameName(line.substr(0, line.find(':')), name)) kept.append(line);
    at = next;
  }
  return kept;
}

}  // namespace arbstr::proxy
