#include "mock_provider/http/json_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

namespace mock_provider {
namespace {

bool NeedsEscape(char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; }

void AppendEscaped(std::string& json, char c) {
  if (c == '"' || c == '\\') {
    json += '\\';
    json += c;
  } else if (c == '\n') {
    json += "\\n";
  } else if (c == '\r') {
    json += "\\r";
  } else if (c == '\t') {
    json += "\\t";
  } else {
    fmt::format_to(std::back_inserter(json), "\\u{:04x}", static_cast<int>(c));
  }
}

}  // namespace

void AppendQuoted(std::string& json, std::string_view text) {
  json += '"';
  for (auto rest = text.begin(); rest != text.end();) {
    const auto plain_end = std::find_if(rest, text.end(), NeedsEscape);
    json.append(rest, plain_end);
    if (plain_end == text.end()) break;
    AppendEscaped(json, *plain_end);
    rest = plain_end + 1;
  }
  json += '"';
}

std::string QuoteJson(std::string_view text) {
  std::string quoted;
  quoted.reserve(text.size() + 2);
  AppendQuoted(quoted, text);
  return quoted;
}

std::string QuoteJsonLossy(std::string_view bytes) {
  using nlohmann::json;
  return json(std::string(bytes)).dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace mock_provider
