#include "proxy/chat/parse_json.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <string>

namespace arbstr::proxy {
namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr size_t kEscapeSize = 6;  // \ud83d

bool TakeDigits(std::string_view& text) {
  const size_t count = std::min(text.find_first_not_of(kDigits), text.size());
  text.remove_prefix(count);
  return count > 0;
}

// -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?
bool IsNumber(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const bool zero = text.starts_with('0');
  const size_t before = text.size();
  if (!TakeDigits(text) || (zero && before - text.size() > 1)) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (!TakeDigits(text)) return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    if (!TakeDigits(text)) return false;
  }
  return text.empty();
}

template <typename Integer>
bool IsWithin(std::string_view number) {
  Integer value{};
  return std::from_chars(number.data(), number.data() + number.size(), value).ec == std::errc();
}

bool IsTooLarge(std::string_view number) {
  if (!IsNumber(number)) return false;
  if (number.find_first_of(".eE") == number.npos) {
    return number.starts_with('-') ? !IsWithin<int64_t>(number) : !IsWithin<uint64_t>(number);
  }
  return std::isinf(std::strtod(std::string(number).c_str(), nullptr));
}

// The code unit that a \u escape at the beginning of `text` stands for.
std::optional<unsigned> CodeUnit(std::string_view text) {
  unsigned code = 0;
  if (text.size() < kEscapeSize || !text.starts_with("\\u")) return std::nullopt;
  const char* const end = text.data() + kEscapeSize;
  if (std::from_chars(text.data() + 2, end, code, 16).ptr != end) return std::nullopt;
  return code;
}

bool IsHighSurrogate(std::optional<unsigned> unit) { return unit && *unit >= 0xD800 && *unit <= 0xDBFF; }
bool IsLowSurrogate(std::optional<unsigned> unit) { return unit && *unit >= 0xDC00 && *unit <= 0xDFFF; }

// Both change `json`, from its position `at`, and return the place behind what they changed.
size_t ReplaceInString(std::span<char> json, size_t at) {
  const std::string_view text(json.data(), json.size());
  for (++at; at < text.size() && text[at] != '"';) {
    at = std::min(text.find_first_of("\\\"", at), text.size());
    if (at == text.size() || text[at] == '"') break;
    const auto unit = CodeUnit(text.substr(at));
    if (IsHighSurrogate(unit) && IsLowSurrogate(CodeUnit(text.substr(at + kEscapeSize)))) {
      at += 2 * kEscapeSize;
    } else if (IsHighSurrogate(unit) || IsLowSurrogate(unit)) {
      std::ranges::copy(std::string_view("\\ufffd"), json.begin() + static_cast<std::ptrdiff_t>(at));
      at += kEscapeSize;
    } else {
      at += 2;
    }
  }
  return std::min(at + 1, json.size());
}

size_t ReplaceNumber(std::span<char> json, size_t at) {
  const std::string_view text(json.data(), json.size());
  const size_t end = std::min(text.find_first_not_of("+-.eE0123456789", at), text.size());
  const std::string_view number = text.substr(at, end - at);
  if (IsTooLarge(number)) {  // so it has at least the five characters of 2e308
    const std::string_view most = number.starts_with('-') ? "-1e308" : "1e308";
    const auto rest = std::ranges::copy(most, json.begin() + static_cast<std::ptrdiff_t>(at)).out;
    std::fill(rest, json.begin() + static_cast<std::ptrdiff_t>(end), ' ');
  }
  return end;
}

}  // namespace

simdjson::simdjson_result<simdjson::dom::element> ParseJson(std::string_view json,
                                                            simdjson::dom::parser& parser) {
  auto parsed = parser.parse(json.data(), json.size(), /*realloc_if_needed=*/false);
  const bool may_be_valid =
      parsed.error() == simdjson::NUMBER_ERROR || parsed.error() == simdjson::STRING_ERROR;
  if (!may_be_valid) return parsed;
  const BodyBuffer copy = Representable(json);
  return parser.parse(copy.view().data(), copy.size(), /*realloc_if_needed=*/false);
}

BodyBuffer Representable(std::string_view json) {
  BodyBuffer copy(json.size());
  const std::span<char> text = copy.Prepare(json.size());
  std::ranges::copy(json, text.begin());
  for (size_t at = 0; at < json.size();) {
    at = std::min(json.find_first_of("\"+-.0123456789", at), json.size());
    if (at == json.size()) break;
    at = json[at] == '"' ? ReplaceInString(text, at) : ReplaceNumber(text, at);
  }
  copy.Commit(json.size());
  return copy;
}

}  // namespace arbstr::proxy
