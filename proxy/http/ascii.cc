#include "proxy/http/ascii.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace arbstr::proxy {
namespace {

constexpr uint64_t kEach = 0x0101010101010101;

// The same eight bytes but for the case of letters, A to Z.
bool SameWord(uint64_t a, uint64_t b) {
  const uint64_t differs = a ^ b;
  if (differs == 0) return true;
  if ((differs & ~(0x20 * kEach)) != 0) return false;
  // Each sum's highest bit says whether a byte, in lower case, is at least 'a', or behind 'z'.
  const uint64_t lower = (a | 0x20 * kEach) & 0x7f * kEach;
  const uint64_t letters = (lower + (0x80 - 'a') * kEach) & ~(lower + (0x7f - 'z') * kEach) & ~a;
  return ((differs << 2) & ~letters & 0x80 * kEach) == 0;
}

template <typename Word>
uint64_t Load(const char* bytes) {
  Word word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

}  // namespace

std::string ToLower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = ToLower(c);
  return lower;
}

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  const size_t size = a.size();
  if (size >= 8) {
    // The last eight may be looked at twice.
    for (size_t at = 0; at < size; at += 8) {
      const size_t from = std::min(at, size - 8);
      if (!SameWord(Load<uint64_t>(a.data() + from), Load<uint64_t>(b.data() + from))) return false;
    }
    return true;
  }
  const auto short_word = [size](const char* bytes) {
    if (size >= 4) return Load<uint32_t>(bytes) << 32 | Load<uint32_t>(bytes + size - 4);
    uint64_t word = 0;
    for (size_t at = 0; at < size; ++at) word = word << 8 | static_cast<unsigned char>(bytes[at]);
    return word;
  };
  return SameWord(short_word(a.data()), short_word(b.data()));
}

}  // namespace arbstr::proxy
