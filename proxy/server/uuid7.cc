#include "proxy/server/uuid7.h"

#include <array>

namespace arbstr::proxy {
namespace {

constexpr auto kHexOfByte = [] {
  constexpr char kHex[] = "0123456789abcdef";
  std::array<std::array<char, 2>, 256> digits{};
  for (size_t byte = 0; byte < 256; ++byte) digits[byte] = {kHex[byte >> 4], kHex[byte & 0xf]};
  return digits;
}();

}  // namespace

std::string MakeUuid7(std::chrono::system_clock::time_point now, uint64_t random) {
  const auto nanos = static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(now.time_since_epoch()).count());
  const uint64_t millis = nanos / 1'000'000;
  const uint64_t fraction = nanos % 1'000'000 * 4096 / 1'000'000;
  const uint64_t high = millis << 16 | 0x7000 | fraction;
  const uint64_t low = (random & 0x3fff'ffff'ffff'ffff) | 0x8000'0000'0000'0000;

  // Where each byte's two digits stand.
  static constexpr uint8_t kPlaces[] = {0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};
  std::string uuid(36, '-');
  for (size_t byte = 0; byte < 16; ++byte) {
    const uint64_t half = byte < 8 ? high : low;
    const auto& digits = kHexOfByte[half >> (56 - 8 * (byte % 8)) & 0xff];
    uuid[kPlaces[byte]] = digits[0];
    uuid[kPlaces[byte] + 1u] = digits[1];
  }
  return uuid;
}

}  // namespace arbstr::proxy
