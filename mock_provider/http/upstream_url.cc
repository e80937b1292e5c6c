#include "mock_provider/http/upstream_url.h"

#include <algorithm>
#include <cctype>

namespace mock_provider {
namespace {

absl::Status Wrong(const char* what) { return absl::InvalidArgumentError(what); }

bool IsPort(const std::string& text) {
  return !text.empty() && text.size() <= 5 &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c); }) &&
         std::stoi(text) > 0 && std::stoi(text) < 65536;
}

bool IsHostCharacter(unsigned char c) { return std::isalnum(c) || c == '.' || c == '-' || c == '_'; }

// "host", "host:port", "[::1]:port" -> host and port, which stays as it was where there is none.
bool SplitAuthority(const std::string& authority, UpstreamUrl& url) {
  std::string rest;
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    if (end == authority.npos) return false;
    url.host = authority.substr(1, end - 1);
    rest = authority.substr(end + 1);
    if (url.host.find_first_not_of("0123456789abcdefABCDEF:.") != url.host.npos) return false;
  } else {
    const std::size_t end = std::min(authority.find(':'), authority.size());
    url.host = authority.substr(0, end);
    rest = authority.substr(end);
    if (!std::all_of(url.host.begin(), url.host.end(), IsHostCharacter)) return false;
  }
  if (rest.empty()) return !url.host.empty();
  url.port = rest.substr(1);
  return !url.host.empty() && rest.front() == ':' && IsPort(url.port);
}

}  // namespace

std::string UpstreamUrl::Authority() const {
  const std::string name = host.find(':') == host.npos ? host : "[" + host + "]";
  return port == (tls ? "443" : "80") ? name : name + ":" + port;
}

absl::StatusOr<UpstreamUrl> ParseUpstreamUrl(const std::string& text) {
  UpstreamUrl url;
  url.tls = text.starts_with("https://");
  if (!url.tls && !text.starts_with("http://")) return Wrong("must begin with http:// or https://");
  url.port = url.tls ? "443" : "80";
  const std::size_t begin = url.tls ? 8 : 7;
  const std::size_t path = std::min(text.find('/', begin), text.size());
  const std::string authority = text.substr(begin, path - begin);
  if (authority.find('@') != authority.npos) return Wrong("must not hold a user or password");
  if (!SplitAuthority(authority, url)) return Wrong("has no host and port that make sense");
  url.base = text.substr(path);
  if (url.base.find_first_of("?#") != url.base.npos) return Wrong("must not hold a query or fragment");
  const bool plain =
      std::all_of(url.base.begin(), url.base.end(), [](unsigned char c) { return c > 0x20 && c < 0x7f; });
  if (!plain) return Wrong("has a path with characters that belong escaped");
  while (url.base.ends_with('/')) url.base.pop_back();
  return url;
}

std::string UpstreamPath(const std::string& base, const std::string& target) {
  constexpr std::size_t kVersionSize = 3;
  const bool repeats = base.ends_with("/v1") && (target.starts_with("/v1/") || target == "/v1");
  return base + (repeats ? target.substr(kVersionSize) : target);
}

}  // namespace mock_provider
