// Any text is a configuration, or a list of mistakes that quote no variable's value.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>

#include "proxy/config/load.h"

namespace {

constexpr const char* kSecret = "kept-to-itself-0123456789";

std::optional<std::string> Variable(const std::string& name) {
  if (name == "UNSET") return std::nullopt;
  return kSecret;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto result = arbstr::proxy::LoadConfig(std::string(reinterpret_cast<const char*>(data), size),
                                                "config.toml", Variable);
  if (result.config.has_value() != result.errors.empty()) std::abort();
  for (const std::string& error : result.errors) {
    if (error.find(kSecret) != std::string::npos || error.find('\n') != std::string::npos) std::abort();
  }
  return 0;
}
