#include "proxy/chat/parse_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

namespace arbstr::proxy {
namespace {

constexpr size_t kEscapeSize = 6;  // \ud83d

// Digits that simdjson reads at once, and that are kept of a number with more.
constexpr int64_t kMostDigits = 18;
constexpr size_t kKeptDigits = 16;
// The power of ten from which a number is beyond the limits.
constexpr int64_t kMostMagnitude = 308;
// Far more than any magnitude, and little enough to be added to a text's length.
constexpr int64_t kHugeExponent = int64_t{1} << 60;

// Of a text: its parser has twelve bytes of memory for each.
constexpr size_t kKeptText = size_t{2} << 20;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// A number's text, -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?, in its parts.
struct NumberText {
  bool negative = false;
  std::string_view whole, fraction;
  bool has_fraction = false, has_exponent = false;
  int64_t exponent = 0;
};

std::string_view TakeDigits(std::string_view& text) {
  size_t count = 0;
  while (count < text.size() && IsDigit(text[count])) ++count;
  const std::string_view digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

int64_t ExponentOf(std::string_view digits, bool negative) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || value > kHugeExponent) value = kHugeExponent;
  return negative ? -value : value;
}

bool TakeSign(std::string_view& text, std::string_view signs) {
  const bool found = !text.empty() && signs.find(text.front()) != signs.npos;
  const bool negative = found && text.front() == '-';
  if (found) text.remove_prefix(1);
  return negative;
}

std::optional<NumberText> ReadNumber(std::string_view text) {
  NumberText number;
  number.negative = TakeSign(text, "-");
  number.whole = TakeDigits(text);
  if (number.whole.empty() || (number.whole.front() == '0' && number.whole.size() > 1)) return std::nullopt;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    number.has_fraction = true;
    number.fraction = TakeDigits(text);
    if (number.fraction.empty()) return std::nullopt;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    number.has_exponent = true;
    const bool negative = TakeSign(text, "+-");
    const std::string_view digits = TakeDigits(text);
    if (digits.empty()) return std::nullopt;
    number.exponent = ExponentOf(digits, negative);
  }
  if (!text.empty()) return std::nullopt;
  return number;
}

// A number as d.ddd… times ten to its magnitude.
struct Scientific {
  std::string digits;  // the first kKeptDigits, from the first that is not 0
  int64_t count = 0;   // of digits, from that one on
  int64_t magnitude = 0;
};

// Nothing: it is 0.
std::optional<Scientific> ToScientific(const NumberText& number) {
  const bool fraction_alone = number.whole == "0";
  const std::string_view first = fraction_alone ? number.fraction : number.whole;
  const size_t zeros = std::min(first.find_first_not_of('0'), first.size());
  if (zeros == first.size()) return std::nullopt;
  Scientific found;
  const auto digits = static_cast<int64_t>(first.size() - zeros);
  found.digits = first.substr(zeros, kKeptDigits);
  if (fraction_alone) {
    found.count = digits;
    found.magnitude = -static_cast<int64_t>(zeros) - 1 + number.exponent;
  } else {
    found.count = digits + static_cast<int64_t>(number.fraction.size());
    found.magnitude = digits - 1 + number.exponent;
    found.digits += number.fraction.substr(0, kKeptDigits - found.digits.size());
  }
  return found;
}

template <typename Integer>
bool IsWithin(std::string_view number) {
  Integer value{};
  return std::from_chars(number.data(), number.data() + number.size(), value).ec == std::errc();
}

// What stands for a number in Representable; empty: itself.
std::string Replacement(std::string_view text) {
  const auto number = ReadNumber(text);
  if (!number) return "";
  const std::string sign = number->negative ? "-" : "";
  if (!number->has_fraction && !number->has_exponent) {
    const bool within = number->negative ? IsWithin<int64_t>(text) : IsWithin<uint64_t>(text);
    return within ? "" : sign + "1e308";
  }
  const auto scientific = ToScientific(*number);
  if (!scientific) return "";
  if (scientific->magnitude >= kMostMagnitude) return sign + "1e308";
  if (scientific->count <= kMostDigits) return "";
  return fmt::format("{}{}.{}e{}", sign, scientific->digits.front(), scientific->digits.substr(1),
                     scientific->magnitude);
}

// Classes of characters: a table, since a text of megabytes is looked through.
enum : unsigned char { kInNumber = 1, kBeginsValue = 2 };
constexpr auto kClasses = [] {
  std::array<unsigned char, 256> classes{};
  for (const char c : std::string_view("+-.eE0123456789"))
    classes[static_cast<unsigned char>(c)] |= kInNumber;
  for (const char c : std::string_view("\"+-.0123456789"))
    classes[static_cast<unsigned char>(c)] |= kBeginsValue;
  return classes;
}();
bool Is(char c, unsigned char which) { return (kClasses[static_cast<unsigned char>(c)] & which) != 0; }

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
    while (at < text.size() && text[at] != '"' && text[at] != '\\') ++at;
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
  size_t end = at;
  while (end < json.size() && Is(json[end], kInNumber)) ++end;
  const std::string_view text(json.data() + at, end - at);
  const std::string replacement = Replacement(text);
  // It always fits: what it stands for has more digits.
  if (!replacement.empty() && replacement.size() <= text.size()) {
    const auto rest = std::ranges::copy(replacement, json.begin() + static_cast<std::ptrdiff_t>(at)).out;
    std::fill(rest, json.begin() + static_cast<std::ptrdiff_t>(end), ' ');
  }
  return end;
}

// '.', '/' and the digits: they are neighbours, and one comparison tells them from the rest.
constexpr unsigned char kNumberCharacters = '9' - '.' + 1;
unsigned char FromDot(char c) { return static_cast<unsigned char>(c - '.'); }
bool MayBeInNumber(char c) { return FromDot(c) < kNumberCharacters; }

// A number's point has a digit behind it, a sentence's has not.
bool IsInNumber(std::string_view json, size_t at) {
  return IsDigit(json[at]) || (json[at] == '.' && at + 1 < json.size() && IsDigit(json[at + 1]));
}

// Of each run of so many characters one is looked at.
constexpr size_t kRun = static_cast<size_t>(kMostDigits) + 1;
constexpr size_t kAtOnce = 8;

bool AnyMayBeInNumber(const char* place) {
  const auto at = [place](size_t i) { return FromDot(place[i * kRun]); };
  const unsigned char a = std::min(at(0), at(1)), b = std::min(at(2), at(3));
  const unsigned char c = std::min(at(4), at(5)), d = std::min(at(6), at(7));
  return std::min(std::min(a, b), std::min(c, d)) < kNumberCharacters;
}

// The first of the places from `at` on, kRun apart, that is in a number, or beyond the text. Goes through
// every body.
size_t NextInNumber(std::string_view json, size_t at) {
  while (at < json.size()) {
    const size_t next = at + kAtOnce * kRun;
    if (next - kRun < json.size() && !AnyMayBeInNumber(json.data() + at)) {
      at = next;
      continue;
    }
    for (; at < next && at < json.size(); at += kRun) {
      if (IsInNumber(json, at)) return at;
    }
  }
  return at;
}

}  // namespace

simdjson::simdjson_result<simdjson::dom::element> ParseJson(std::string_view json,
                                                            simdjson::dom::parser& parser) {
  if (!MayHaveLongNumbers(json)) {
    auto parsed = parser.parse(json.data(), json.size(), /*realloc_if_needed=*/false);
    const bool may_be_valid =
        parsed.error() == simdjson::NUMBER_ERROR || parsed.error() == simdjson::STRING_ERROR;
    if (!may_be_valid) return parsed;
  }
  const BodyBuffer copy = Representable(json);
  return parser.parse(copy.view().data(), copy.size(), /*realloc_if_needed=*/false);
}

bool MayHaveLongNumbers(std::string_view json) {
  size_t last_end = 0;
  for (size_t at = NextInNumber(json, kRun - 1); at < json.size();
       at = NextInNumber(json, last_end + kRun - 1)) {
    size_t begin = at, end = at;
    while (begin > last_end && MayBeInNumber(json[begin - 1])) --begin;
    while (end < json.size() && MayBeInNumber(json[end])) ++end;
    const std::string_view run = json.substr(begin, end - begin);
    const size_t first = std::min(run.find_first_of("123456789"), run.size());
    if (std::ranges::count_if(run.substr(first), IsDigit) > kMostDigits) return true;
    last_end = end;
  }
  return false;
}

HugeMemoryEnd::~HugeMemoryEnd() {
  if (parser_.capacity() > kKeptText) parser_ = simdjson::dom::parser();
}

BodyBuffer Representable(std::string_view json) {
  BodyBuffer copy(json.size());
  const std::span<char> text = copy.Prepare(json.size());
  std::ranges::copy(json, text.begin());
  for (size_t at = 0; at < json.size();) {
    if (!Is(json[at], kBeginsValue)) {
      ++at;
      continue;
    }
    at = json[at] == '"' ? ReplaceInString(text, at) : ReplaceNumber(text, at);
  }
  copy.Commit(json.size());
  return copy;
}

}  // namespace arbstr::proxy
