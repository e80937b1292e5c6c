#include "proxy/config/web_origin.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

#include "proxy/config/host.h"
#include "proxy/http/ascii.h"

namespace arbstr::proxy {
namespace {

bool IsLowerCaseLetter(char c) { return c >= 'a' && c <= 'z'; }

bool IsScheme(std::string_view text) {
  return !text.empty() && IsLowerCaseLetter(text[0]) && std::ranges::all_of(text, [](char c) {
    return IsLowerCaseLetter(c) || IsDigit(c) || c == '+' || c == '-' || c == '.';
  });
}

bool IsHost(std::string_view text) {
  const bool bracketed = text.size() > 2 && text.front() == '[' && text.back() == ']';
  if (bracketed) text = text.substr(1, text.size() - 2);
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return IsLowerCaseLetter(c) || IsDigit(c) || c == '-' || c == '.' || c == '_' || (bracketed && c == ':');
  });
}

bool IsPortOf(std::string_view scheme, std::string_view text) {
  const std::optional<std::uint16_t> port = ParsePort(text);
  if (!port || text.front() == '0') return false;
  return !(scheme == "http" && port == 80) && !(scheme == "https" && port == 443);
}

}  // namespace

bool IsWebOrigin(const std::string& text) {
  const std::size_t separator = text.find("://");
  if (separator == text.npos) return false;
  const std::string_view scheme = std::string_view(text).substr(0, separator);
  std::string_view host = std::string_view(text).substr(separator + 3);
  const std::size_t colon = host.find(':', host.starts_with('[') ? std::min(host.find(']'), host.size()) : 0);
  if (colon != host.npos) {
    if (!IsPortOf(scheme, host.substr(colon + 1))) return false;
    host = host.substr(0, colon);
  }
  return IsScheme(scheme) && IsHost(host);
}

}  // namespace arbstr::proxy
