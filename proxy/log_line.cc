#include "proxy/log_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <iterator>
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

// A byte of 0x7F or more, looked for eight at a time.
bool MayHide(std::string_view text) {
  constexpr std::uint64_t kOnes = 0x0101'0101'0101'0101, kHigh = 0x80 * kOnes;
  std::uint64_t found = 0;
  for (; text.size() >= sizeof found; text.remove_prefix(sizeof found)) {
    std::uint64_t word;
    std::memcpy(&word, text.data(), sizeof word);
    found |= (word | (word + kOnes)) & kHigh;  // only a byte that is found itself carries into the next
  }
  return found != 0 ||
         std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x7F; });
}

// What begins there and a terminal obeys or shows as something else: DEL and the C1 controls, U+0085 a line
// end and U+009B an escape sequence's begin among them, the separators U+2028 and U+2029, and what turns a
// text's direction, U+202A to U+202E and U+2066 to U+2069. 0: nothing of that.
struct Hidden {
  unsigned code = 0;
  std::size_t bytes = 0;
};
Hidden HiddenAt(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  if (byte(0) == 0x7F) return {0x7F, 1};
  if (byte(0) == 0xC2 && byte(1) >= 0x80 && byte(1) <= 0x9F) return {byte(1), 2};
  if (byte(0) != 0xE2 || byte(1) < 0x80 || byte(1) > 0x81) return {};
  const unsigned code = 0x2000 + ((byte(1) & 0x3F) << 6) + (byte(2) & 0x3F);
  const bool hides = (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
  return hides ? Hidden{code, 3} : Hidden{};
}

// JSON that says the same with those escaped; they can only be inside its texts.
std::string Visible(std::string_view json) {
  std::string visible;
  visible.reserve(json.size() + 16);
  while (!json.empty()) {
    const Hidden hidden = HiddenAt(json);
    if (hidden.bytes > 0) {
      fmt::format_to(std::back_inserter(visible), "\\u{:04x}", hidden.code);
    } else {
      visible.push_back(json.front());
    }
    json.remove_prefix(std::max<std::size_t>(hidden.bytes, 1));
  }
  return visible;
}

}  // namespace

void AppendQuoted(std::string& out, std::string_view text) {
  if (std::ranges::all_of(text, IsPrintable)) {
    out.append("\"").append(text).append("\"");
    return;
  }
  const std::string json = JsonText(nlohmann::json(std::string(text)));
  out.append(MayHide(json) ? Visible(json) : json);
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
  if (MayHide(json)) {
    text_.Append(Visible(json));
  } else {
    text_.Append(json);
  }
  return *this;
}

}  // namespace arbstr::proxy
