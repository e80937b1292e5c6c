#include "proxy/chat/uuid7.h"

namespace arbstr::proxy {

std::string MakeUuid7(std::chrono::system_clock::time_point now, uint64_t random) {
  const auto nanos = static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(now.time_since_epoch()).count());
  const uint64_t millis = nanos / 1'000'000;
  const uint64_t fraction = nanos % 1'000'000 * 4096 / 1'000'000;
  const uint64_t high = millis << 16 | 0x7000 | fraction;
  const uint64_t low = (random & 0x3fff'ffff'ffff'ffff) | 0x8000'0000'0000'0000;

  static constexpr char kHex[] = "0123456789abcdef";
  std::string uuid(36, '-');
  for (size_t digit = 0, at = 0; digit < 32; ++digit, ++at) {
    if (at == 8 || at == 13 || at == 18 || at == 23) ++at;
    const uint64_t half = digit < 16 ? high : low;
    uuid[at] = kHex[half >> (60 - 4 * (digit % 16)) & 0xf];
  }
  return uuid;
}

}  // namespace arbstr::proxy
