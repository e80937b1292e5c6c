#include "request_log/stored_text.h"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace arbstr::request_log {
namespace {

std::uint8_t ByteAt(std::string_view text, std::size_t i) { return static_cast<std::uint8_t>(text[i]); }

// The length of the storable character at `i`, or 0 (RFC 3629, section 4: no overlong forms, no surrogates,
// nothing past U+10FFFF).
std::size_t CharacterLength(std::string_view text, std::size_t i) {
  const std::uint8_t lead = ByteAt(text, i);
  if (lead < 0x80) return lead != 0 ? 1 : 0;
  std::size_t length = 0;
  std::uint8_t second_min = 0x80;
  std::uint8_t second_max = 0xBF;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    if (lead == 0xE0) second_min = 0xA0;
    if (lead == 0xED) second_max = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    if (lead == 0xF0) second_min = 0x90;
    if (lead == 0xF4) second_max = 0x8F;
  } else {
    return 0;
  }
  if (text.size() - i < length) return 0;
  if (ByteAt(text, i + 1) < second_min || ByteAt(text, i + 1) > second_max) return 0;
  for (std::size_t k = 2; k < length; ++k) {
    if ((ByteAt(text, i + k) & 0xC0) != 0x80) return 0;
  }
  return length;
}

template <typename Word>
Word WordAt(std::string_view text, std::size_t i) {
  Word word = 0;
  std::memcpy(&word, text.data() + i, sizeof word);
  return word;
}

// True: no byte is zero or has its highest bit set. A false one may be wrong.
bool AreAscii(std::uint64_t bytes) {
  constexpr std::uint64_t kEach = 0x0101010101010101;
  return ((bytes | (bytes - kEach)) & (0x80 * kEach)) == 0;
}

// Likewise. Eight bytes at a time; the last ones may be looked at twice.
bool IsAsciiWithoutNul(std::string_view text) {
  const std::size_t size = text.size();
  if (size >= 8) {
    for (std::size_t i = 0; i + 8 < size; i += 8) {
      if (!AreAscii(WordAt<std::uint64_t>(text, i))) return false;
    }
    return AreAscii(WordAt<std::uint64_t>(text, size - 8));
  }
  if (size < 4) return false;
  return AreAscii(std::uint64_t{WordAt<std::uint32_t>(text, 0)} << 32 |
                  WordAt<std::uint32_t>(text, size - 4));
}

}  // namespace

bool IsStorable(std::string_view text) {
  if (IsAsciiWithoutNul(text)) return true;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = CharacterLength(text, i);
    if (length == 0) return false;
    i += length;
  }
  return true;
}

std::string MakeStorable(std::string_view text) {
  std::string storable;
  storable.reserve(text.size() + 16);
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = CharacterLength(text, i);
    if (length == 0) {
      storable += "\xEF\xBF\xBD";
      ++i;
    } else {
      storable.append(text, i, length);
      i += length;
    }
  }
  return storable;
}

}  // namespace arbstr::request_log
