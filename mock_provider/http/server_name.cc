#include "mock_provider/http/server_name.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace mock_provider {
namespace {

constexpr std::size_t kLongestName = 253;
constexpr std::size_t kLongestLabel = 63;

bool IsLabel(std::string_view label) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  return !label.empty() && label.size() <= kLongestLabel && std::all_of(label.begin(), label.end(), fits);
}

}  // namespace

bool IsIpAddress(const std::string& text) {
  unsigned char binary[sizeof(in6_addr)];
  return ::inet_pton(AF_INET, text.c_str(), binary) == 1 || ::inet_pton(AF_INET6, text.c_str(), binary) == 1;
}

bool IsDnsName(const std::string& text) {
  if (text.size() > kLongestName) return false;
  std::string_view rest = text;
  if (rest.starts_with("*.")) rest.remove_prefix(2);
  while (true) {
    const std::size_t dot = rest.find('.');
    if (!IsLabel(rest.substr(0, dot))) return false;
    if (dot == rest.npos) return true;
    rest.remove_prefix(dot + 1);
  }
}

}  // namespace mock_provider
