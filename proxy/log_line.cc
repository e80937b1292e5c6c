#include "proxy/log_line.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "proxy/http/json_text.h"

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

// What nearly every line has room in.
constexpr std::size_t kRoom = 512;

bool IsPrintable(char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; }

}  // namespace

void AppendQuoted(std::string& out, std::string_view text) {
  if (std::ranges::all_of(text, IsPrintable)) {
    out.append("\"").append(text).append("\"");
    return;
  }
  out.append(JsonText(nlohmann::json(std::string(text))));
}

LogLine::LogLine(LogFormat format, std::string_view what) : format_(format), text_(kRoom) {
  if (is_json()) {
    text_.Append({&kJsonMembers, 1});
    text_.Append("\"message\":");
    AppendQuotedText(what);
  } else {
    text_.Append(what);
  }
}

void LogLine::AppendQuotedText(std::string_view value) {
  std::string quoted;
  AppendQuoted(quoted, value);
  text_.Append(quoted);
}

LogLine& LogLine::AddText(std::string_view value) {
  if (!is_json() && !value.empty() && std::ranges::all_of(value, IsPlain)) {
    text_.Append(value);
  } else {
    AppendQuotedText(value);
  }
  return *this;
}

LogLine& LogLine::AddJson(std::string_view key, std::string_view json) {
  if (!is_json()) return Add(key, json);
  AddKey(key);
  text_.Append(json);
  return *this;
}

}  // namespace arbstr::proxy
