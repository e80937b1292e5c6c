#include "proxy/log_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace arbstr::proxy {
namespace {

// Letters, digits and what names, versions, URLs and numbers are made of.
bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("._-/:+,;@%{}").find(c) != std::string_view::npos;
}

bool IsPrintable(char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; }

}  // namespace

void AppendQuoted(std::string& out, std::string_view text) {
  if (std::ranges::all_of(text, IsPrintable)) {
    out.append("\"").append(text).append("\"");
    return;
  }
  using Json = nlohmann::json;
  out.append(Json(std::string(text)).dump(-1, ' ', false, Json::error_handler_t::replace));
}

LogLine::LogLine(LogFormat format, std::string_view what) : format_(format) {
  text_.reserve(512);
  if (!is_json()) {
    text_.append(what);
    return;
  }
  text_.append({kJsonMembers}).append("\"message\":");
  AppendQuoted(text_, what);
}

void LogLine::Key(std::string_view key) {
  if (is_json()) {
    text_.append(",\"").append(key).append("\":");
  } else {
    text_.append(" ").append(key).append("=");
  }
}

LogLine& LogLine::Add(std::string_view key, std::string_view value) {
  Key(key);
  if (!is_json() && !value.empty() && std::ranges::all_of(value, IsPlain)) {
    text_.append(value);
  } else {
    AppendQuoted(text_, value);
  }
  return *this;
}

LogLine& LogLine::Add(std::string_view key, std::int64_t value) {
  Key(key);
  text_.append(fmt::format_int(value).str());
  return *this;
}

LogLine& LogLine::Add(std::string_view key, bool value) {
  Key(key);
  text_.append(value ? "true" : "false");
  return *this;
}

LogLine& LogLine::AddJson(std::string_view key, std::string_view json) {
  if (!is_json()) return Add(key, json);
  Key(key);
  text_.append(json);
  return *this;
}

}  // namespace arbstr::proxy
