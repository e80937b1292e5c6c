#include "proxy/chat/mask_secrets.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "proxy/chat/excerpt.h"
#include "proxy/config/mask.h"

namespace arbstr::proxy {
namespace {

constexpr size_t kLongestEscape = 6;  // \u0041

// The character that a JSON escape at the beginning of `text` stands for, and its length; 0: it is none, or
// none of a byte.
std::pair<char, size_t> Unescaped(std::string_view text) {
  if (text.size() < 2 || text[0] != '\\') return {};
  if (text[1] == '"' || text[1] == '\\' || text[1] == '/') return {text[1], 2};
  unsigned code = 0;
  if (text[1] != 'u' || text.size() < kLongestEscape ||
      std::from_chars(text.data() + 2, text.data() + 6, code, 16).ptr != text.data() + 6 || code > 0x7f) {
    return {};
  }
  return {static_cast<char>(code), kLongestEscape};
}

// How much of the beginning of `text` is `key`, plain or escaped; 0: it is not there.
size_t LengthOfSecret(std::string_view text, std::string_view key) {
  if (text.starts_with(key)) return key.size();  // a key may itself look like an escape
  size_t at = 0;
  for (const char c : key) {
    const auto [unescaped, length] = Unescaped(text.substr(at));
    if (length > 0 && unescaped == c) {
      at += length;
    } else if (at < text.size() && text[at] == c) {
      ++at;
    } else {
      return 0;
    }
  }
  return at;
}

}  // namespace

std::vector<std::string> SortedSecrets(std::vector<std::string> secrets) {
  std::erase(secrets, "");
  std::ranges::sort(secrets, std::ranges::greater(), &std::string::size);
  return secrets;
}

std::string MaskSecret(std::string_view text, const std::string& key) {
  if (key.empty()) return std::string(text);
  const std::string mask = MaskKey(key);
  const char starts[] = {key.front(), '\\'};
  std::string masked;
  for (size_t at = 0; at < text.size();) {
    const size_t found = std::min(text.find_first_of(std::string_view(starts, 2), at), text.size());
    masked.append(text.substr(at, found - at));
    const size_t length = LengthOfSecret(text.substr(found), key);
    if (length > 0) {
      masked.append(mask);
    } else {
      masked.append(text.substr(found, 1));
    }
    at = found + std::max<size_t>(length, 1);
  }
  return masked;
}

std::string MaskSecrets(std::string text, const std::vector<std::string>& secrets) {
  std::string masked = std::move(text);
  const bool has_escapes = masked.find('\\') != masked.npos;
  for (const std::string& secret : secrets) {
    if (has_escapes || masked.find(secret) != masked.npos) masked = MaskSecret(masked, secret);
  }
  return masked;
}

size_t LongestSecret(const std::vector<std::string>& secrets) {
  size_t longest = 0;
  for (const std::string& secret : secrets) longest = std::max(longest, kLongestEscape * secret.size());
  return longest;
}

std::string MaskedBeginning(std::string_view beginning, bool cut, const std::vector<std::string>& secrets) {
  std::string masked = MaskSecrets(std::string(beginning), secrets);
  if (cut) masked.resize(masked.size() - std::min(masked.size(), LongestSecret(secrets)));
  return masked;
}

std::string MaskedExcerpt(std::string_view text, const std::vector<std::string>& secrets) {
  const size_t window = 4096 + LongestSecret(secrets);  // of a long text only the beginning is looked at
  const std::string printable = Printable(text, window);
  return CutText(MaskedBeginning(printable, printable.size() == window, secrets), kExcerptBytes);
}

}  // namespace arbstr::proxy
