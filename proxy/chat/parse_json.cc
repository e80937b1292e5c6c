#include "proxy/chat/parse_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <new>
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

namespace dom = simdjson::dom;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool BeginsNumber(char c) { return IsDigit(c) || c == '-'; }

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

// simdjson's first stage has found where each value begins, and each punctuation mark: all that may be a
// number is looked at, and no text.
bool HasLongNumber(std::string_view json, const simdjson::internal::dom_parser_implementation& found) {
  const std::span<const uint32_t> places(found.structural_indexes.get(), found.n_structural_indexes);
  for (size_t i = 0; i < places.size(); ++i) {
    const size_t begin = places[i], end = i + 1 < places.size() ? places[i + 1] : json.size();
    if (end - begin <= kMostDigits || !BeginsNumber(json[begin])) continue;
    const std::string_view number = json.substr(begin, end - begin);
    const size_t first = std::min(number.find_first_of("123456789"), number.size());
    if (std::ranges::count_if(number.substr(first), IsDigit) > kMostDigits) return true;
  }
  return false;
}

// A parser that did not get all it asked for has only a part of it, and does not know.
void Reserve(size_t size, dom::parser& parser) {
  size = std::max(size, dom::MINIMAL_DOCUMENT_CAPACITY);
  auto error = simdjson::SUCCESS;
  if (parser.capacity() < size) error = parser.allocate(size);
  if (error == simdjson::SUCCESS && parser.doc.capacity() < size) error = parser.doc.allocate(size);
  if (error == simdjson::SUCCESS) return;
  parser = dom::parser();
  throw std::bad_alloc();
}

// What dom::parser::parse does, stage by stage, since before the second one numbers are to be looked at.
// Nothing: there is one that would take it long.
std::optional<simdjson::error_code> ParseWithoutLongNumbers(std::string_view json, dom::parser& parser) {
  const auto* const bytes = reinterpret_cast<const uint8_t*>(json.data());
  Reserve(json.size(), parser);
  simdjson::internal::dom_parser_implementation& stages = *parser.implementation;
  const auto error = stages.stage1(bytes, json.size(), simdjson::stage1_mode::regular);
  if (error != simdjson::SUCCESS) return error;
  if (HasLongNumber(json, stages)) return std::nullopt;
  return stages.stage2(parser.doc);
}

}  // namespace

simdjson::simdjson_result<dom::element> ParseJson(std::string_view json, dom::parser& parser) {
  const auto error = ParseWithoutLongNumbers(json, parser);
  if (error == simdjson::SUCCESS) return parser.doc.root();
  const bool may_be_valid = !error || error == simdjson::NUMBER_ERROR || error == simdjson::STRING_ERROR;
  if (!may_be_valid) return *error;
  const BodyBuffer copy = Representable(json);
  Reserve(copy.size(), parser);
  return parser.parse(copy.view().data(), copy.size(), /*realloc_if_needed=*/false);
}

void ThrowWhereNoMemory(simdjson::error_code error) {
  if (error == simdjson::MEMALLOC) throw std::bad_alloc();
}

HugeMemoryEnd::~HugeMemoryEnd() {
  if (parser_.capacity() > kKeptText) parser_ = dom::parser();
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
