// One line of the gateway's own log that has members: `what key=value …` for eyes, JSON for machines.
#ifndef ARBSTR_PROXY_LOG_LINE_H_
#define ARBSTR_PROXY_LOG_LINE_H_

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "proxy/config/config.h"
#include "proxy/text_writer.h"

namespace arbstr::proxy {

// What a line's text begins with when it is not a message but members of the line's JSON object.
inline constexpr char kJsonMembers = '\x1e';

class LogLine {
 public:
  LogLine(LogFormat format, std::string_view what);

  // A text that could be misread (spaces, quotes, control characters, nothing at all) is quoted as JSON
  // quotes it, so that a line is one line whatever a client or a provider says. What a terminal would obey,
  // or show in another order, is escaped too.
  [[gnu::always_inline]] LogLine& Add(std::string_view key, std::string_view value) {
    AddKey(key);
    return AddText(value);
  }
  LogLine& Add(std::string_view key, const std::string& value) { return Add(key, std::string_view(value)); }
  LogLine& Add(std::string_view key, const char* value) { return Add(key, std::string_view(value)); }
  [[gnu::always_inline]] LogLine& Add(std::string_view key, std::int64_t value) {
    AddKey(key);
    text_.AppendNumber(value);
    return *this;
  }
  [[gnu::always_inline]] LogLine& Add(std::string_view key, bool value) {
    AddKey(key);
    text_.Append(value ? "true" : "false");
    return *this;
  }
  // A text of ours, which needs no quotes in text and nothing escaped in JSON.
  [[gnu::always_inline]] LogLine& AddPlain(std::string_view key, std::string_view value) {
    AddKey(key);
    if (is_json()) text_.Append("\"");
    text_.Append(value);
    if (is_json()) text_.Append("\"");
    return *this;
  }
  // JSON as it is, but for what is escaped in a text; in text it is quoted.
  LogLine& AddJson(std::string_view key, std::string_view json);

  bool is_json() const { return format_ == LogFormat::kJson; }
  // For the logger.
  std::string_view text() const& { return text_.view(); }
  std::string text() && { return std::move(text_).Take(); }

 private:
  // Inlined with what calls it, or a constant key would cost a call of memcpy and not a few stores.
  [[gnu::always_inline]] void AddKey(std::string_view key) {
    char* at = text_.Extend(key.size() + (is_json() ? 4 : 2));
    if (is_json()) *at++ = ',';
    *at++ = is_json() ? '"' : ' ';
    std::memcpy(at, key.data(), key.size());
    at += key.size();
    if (is_json()) *at++ = '"';
    *at = is_json() ? ':' : '=';
  }
  LogLine& AddText(std::string_view value);
  void AppendQuotedText(std::string_view value);

  const LogFormat format_;
  TextWriter text_;
};

// `text` in quotes, escaped as Add does it; what is not UTF-8 is replaced by U+FFFD.
void AppendQuoted(std::string& out, std::string_view text);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_LOG_LINE_H_
