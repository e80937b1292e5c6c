#include "mock_provider/upstream/upstream_target.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

#include "mock_provider/http/masked_key.h"
#include "mock_provider/http/tls_contexts.h"

namespace mock_provider {
namespace {

constexpr std::array<std::string_view, 11> kHopHeaders = {"connection",
                                                          "content-length",
                                                          "expect",
                                                          "host",
                                                          "keep-alive",
                                                          "proxy-authenticate",
                                                          "proxy-authorization",
                                                          "te",
                                                          "transfer-encoding",
                                                          "trailer",
                                                          "upgrade"};

std::string KeyLine(const UpstreamTarget& target) {
  const char* const scheme = target.dialect == Dialect::kOpenAi ? "Bearer " : "";
  return fmt::format("{}: {}{}\r\n", KeyHeader(target.dialect), scheme, target.key);
}

}  // namespace

bool IsHopHeader(const std::string& lower_case_name) {
  return std::find(kHopHeaders.begin(), kHopHeaders.end(), std::string_view(lower_case_name)) !=
         kHopHeaders.end();
}

absl::StatusOr<std::shared_ptr<const UpstreamTarget>> MakeUpstreamTarget(const Upstream& upstream,
                                                                         Dialect dialect) {
  auto target = std::make_shared<UpstreamTarget>();
  auto url = ParseUpstreamUrl(upstream.url);
  if (!url.ok()) return url.status();
  target->url = *std::move(url);
  target->dialect = dialect;
  target->key = upstream.api_key;
  if (IsMask(target->key)) {
    return absl::InvalidArgumentError(
        "upstream_api_key: is the mask of a key, and stands for it only beside the address that it was shown "
        "with");
  }
  if (!upstream.api_key_env.empty()) {
    const char* value = std::getenv(upstream.api_key_env.c_str());
    if (!value || !*value) {
      return absl::InvalidArgumentError(
          fmt::format("upstream_api_key_env: {} is not set in the environment", upstream.api_key_env));
    }
    target->key = value;
  }
  if (target->key.find_first_of("\r\n") != std::string::npos)
    return absl::InvalidArgumentError("upstream_api_key_env: the key must be one line");
  if (target->url.tls) {
    auto context = ClientContext(upstream.ca_file);
    if (!context.ok())
      return absl::InvalidArgumentError("upstream_ca_file: " + std::string(context.status().message()));
    target->tls = *std::move(context);
  }
  return target;
}

std::string UpstreamRequestText(const UpstreamTarget& target, const HttpRequest& request) {
  std::string text = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", request.method,
                                 UpstreamPath(target.url.base, request.target), target.url.Authority());
  for (const auto& [name, value] : request.headers) {
    if (IsHopHeader(name) || name == "accept-encoding") continue;
    if (!target.key.empty() && IsKeyHeader(name)) continue;
    text += name + ": " + value + "\r\n";
  }
  if (!target.key.empty()) text += KeyLine(target);
  text += "accept-encoding: identity\r\n";
  if (!request.body.empty() || request.method == "POST")
    text += fmt::format("content-length: {}\r\n", request.body.size());
  return text + "\r\n" + request.body;
}

}  // namespace mock_provider
