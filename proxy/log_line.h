// One line of the gateway's own log that has members: `what key=value …` for eyes, JSON for machines.
#ifndef ARBSTR_PROXY_LOG_LINE_H_
#define ARBSTR_PROXY_LOG_LINE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "proxy/config/config.h"

namespace arbstr::proxy {

// What a line's text begins with when it is not a message but members of the line's JSON object.
inline constexpr char kJsonMembers = '\x1e';

class LogLine {
 public:
  LogLine(LogFormat format, std::string_view what);

  // A text that could be misread (spaces, quotes, control characters, nothing at all) is quoted as JSON
  // quotes it, so that a line is one line whatever a client or a provider says.
  LogLine& Add(std::string_view key, std::string_view value);
  LogLine& Add(std::string_view key, const std::string& value) { return Add(key, std::string_view(value)); }
  LogLine& Add(std::string_view key, const char* value) { return Add(key, std::string_view(value)); }
  LogLine& Add(std::string_view key, std::int64_t value);
  LogLine& Add(std::string_view key, bool value);
  // JSON as it is; in text it is quoted.
  LogLine& AddJson(std::string_view key, std::string_view json);

  bool is_json() const { return format_ == LogFormat::kJson; }
  // For the logger.
  const std::string& text() const& { return text_; }
  std::string text() && { return std::move(text_); }

 private:
  void Key(std::string_view key);

  const LogFormat format_;
  std::string text_;
};

// `text` in quotes, escaped; what is not UTF-8 is replaced by U+FFFD.
void AppendQuoted(std::string& out, std::string_view text);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_LOG_LINE_H_
