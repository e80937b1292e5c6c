#include "request_log/number_column.h"

#include <bit>
#include <cstring>

namespace arbstr::request_log {
namespace {

static_assert(std::endian::native == std::endian::little, "reals are copied as they lie in memory");

constexpr int kLongestNumber = 10;  // bytes of 64 bits, seven per byte

std::uint64_t ZigZag(std::uint64_t difference) { return (difference << 1) ^ (0 - (difference >> 63)); }

std::uint64_t UnZigZag(std::uint64_t value) { return (value >> 1) ^ (0 - (value & 1)); }

// Past the number at `at`; null where it does not end.
const char* ReadNumber(const char* at, const char* end, std::uint64_t& value) {
  value = 0;
  for (int i = 0; i < kLongestNumber && at != end; ++i) {
    const std::uint64_t byte = static_cast<unsigned char>(*at++);
    value |= (byte & 0x7F) << (7 * i);
    if (byte < 0x80) return at;
  }
  return nullptr;
}

}  // namespace

std::string EncodeNumbers(const std::vector<std::int64_t>& numbers) {
  std::string column;
  column.reserve(2 * numbers.size());
  std::uint64_t last = 0;
  for (const std::int64_t number : numbers) {
    const auto bits = static_cast<std::uint64_t>(number);
    std::uint64_t value = ZigZag(bits - last);
    last = bits;
    for (; value >= 0x80; value >>= 7) column.push_back(static_cast<char>(value | 0x80));
    column.push_back(static_cast<char>(value));
  }
  return column;
}

bool DecodeNumbers(std::string_view column, std::size_t count, std::vector<std::int64_t>& numbers) {
  numbers.clear();
  // A number takes at least one byte, so a false count cannot make this allocate too much.
  if (count > column.size()) return false;
  numbers.reserve(count);
  const char* at = column.data();
  const char* const end = at + column.size();
  std::uint64_t last = 0;
  for (std::size_t i = 0; i < count; ++i) {
    std::uint64_t value = 0;
    at = ReadNumber(at, end, value);
    if (at == nullptr) return false;
    last += UnZigZag(value);
    numbers.push_back(static_cast<std::int64_t>(last));
  }
  return at == end;
}

std::string EncodeReals(const std::vector<double>& reals) {
  std::string column(reals.size() * sizeof(double), '\0');
  if (!reals.empty()) std::memcpy(column.data(), reals.data(), column.size());
  return column;
}

bool DecodeReals(std::string_view column, std::size_t count, std::vector<double>& reals) {
  reals.clear();
  if (column.size() % sizeof(double) != 0 || column.size() / sizeof(double) != count) return false;
  reals.resize(count);
  if (count > 0) std::memcpy(reals.data(), column.data(), column.size());
  return true;
}

}  // namespace arbstr::request_log
