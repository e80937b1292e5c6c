#include "proxy/chat/long_numbers.h"

#include <algorithm>
#include <string_view>

namespace arbstr::proxy {
namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr size_t kSurelyFits = 15;

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

// The place behind the string that begins at `open`.
size_t EndOfString(std::string_view json, size_t open) {
  size_t at = open + 1;
  while (at < json.size() && json[at] != '"') at += json[at] == '\\' ? 2 : 1;
  return std::min(at + 1, json.size());
}

}  // namespace

BodyBuffer WithoutLongNumbers(const BodyBuffer& json) {
  BodyBuffer copy(json.size());
  copy.Reserve(json.size());
  const auto append = [&](size_t count, char fill) {
    const std::span<char> room = copy.Prepare(count);
    std::ranges::fill(room, fill);
    copy.Commit(count);
  };
  const std::string_view text = json.view();
  for (size_t at = 0; at < text.size();) {
    size_t end = std::min(text.find_first_of("\"+-.0123456789", at), text.size());
    copy.Append(text.substr(at, end - at));
    at = end;
    if (at == text.size()) break;
    if (text[at] == '"') {
      end = EndOfString(text, at);
    } else {
      end = std::min(text.find_first_not_of("+-.eE0123456789", at), text.size());
      const std::string_view number = text.substr(at, end - at);
      if ((number.size() > kSurelyFits || number.find_first_of("eE") != number.npos) && IsNumber(number)) {
        append(1, '0');
        append(number.size() - 1, ' ');
        at = end;
      }
    }
    copy.Append(text.substr(at, end - at));
    at = end;
  }
  return copy;
}

}  // namespace arbstr::proxy
