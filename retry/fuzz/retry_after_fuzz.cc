// Any values of the two headers ask for no wait, or for one between nothing and the longest. The first line
// of the input is retry-after-ms, the rest Retry-After.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "retry/retry_after.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t line = text.find('\n');
  std::optional<std::string_view> in_ms;
  if (line != text.npos) in_ms = text.substr(0, line);
  const std::string_view rest = line == text.npos ? text : text.substr(line + 1);
  const std::chrono::system_clock::time_point now{std::chrono::seconds(1'800'000'000)};
  const auto wait = arbstr::retry::ParseRetryAfter(in_ms, rest, now);
  if (wait && (wait->count() < 0 || *wait > arbstr::retry::kLongestRetryAfter)) std::abort();
  return 0;
}
