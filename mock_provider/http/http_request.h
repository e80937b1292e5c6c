#ifndef ARBSTR_MOCK_PROVIDER_HTTP_HTTP_REQUEST_H_
#define ARBSTR_MOCK_PROVIDER_HTTP_HTTP_REQUEST_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mock_provider {

// A request as it came. Header names are in lower case, in the order they came in.
struct HttpRequest {
  std::string method{};
  std::string target{};  // path and query; without the host that an absolute form names
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};
  bool http10 = false;
  bool keep_alive = true;

  std::string_view Path() const { return std::string_view(target).substr(0, target.find('?')); }

  // The first value of that header (a lower-case name), or nullptr.
  const std::string* Header(std::string_view name) const {
    for (const auto& [known, value] : headers) {
      if (known == name) return &value;
    }
    return nullptr;
  }
};

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_HTTP_HTTP_REQUEST_H_
