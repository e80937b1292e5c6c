#include "proxy/log_line.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

namespace arbstr::proxy {
namespace {

// Letters, digits and what names, versions, URLs and numbers are made of.
constexpr auto kPlain = [] {
  std::array<bool, 256> plain{};
  for (const char c :
       std::string_view("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/:+,;@%{}")) {
    plain[static_cast<unsigned char>(c)] = true;
  }
  return plain;
}();

bool IsPlain(char c) { return kPlain[static_cast<unsigned char>(c)]; }

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
  const std::string_view before = is_json() ? ",\"" : " ";
  const std::string_view behind = is_json() ? "\":" : "=";
  const size_t at = text_.size();
  text_.resize(at + before.size() + key.size() + behind.size());
  auto end = std::ranges::copy(before, text_.begin() + static_cast<std::ptrdiff_t>(at)).out;
  end = std::ranges::copy(key, end).out;
  std::ranges::copy(behind, end);
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
  char digits[20];
  text_.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
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
