// The base address of a real provider: "https://api.example.com/v1".
#ifndef ARBSTR_MOCK_PROVIDER_HTTP_UPSTREAM_URL_H_
#define ARBSTR_MOCK_PROVIDER_HTTP_UPSTREAM_URL_H_

#include <absl/status/statusor.h>

#include <string>

namespace mock_provider {

struct UpstreamUrl {
  bool tls = false;
  std::string host{};  // without brackets
  std::string port{};
  std::string base{};  // "/v1": no slash at its end; may be empty

  // Of the Host header: no port where it is the scheme's own.
  std::string Authority() const;
};

absl::StatusOr<UpstreamUrl> ParseUpstreamUrl(const std::string& text);

// The path of a request for `target` below a base path. Clients of the mock think that its base is /v1, so
// where `base` ends with /v1 and `target` begins with it, the path has it once.
std::string UpstreamPath(const std::string& base, const std::string& target);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_HTTP_UPSTREAM_URL_H_
