#include "proxy/config/display_url.h"

#include <fmt/format.h>

#include <string_view>

#include "proxy/config/mask.h"
#include "proxy/http/query.h"

namespace arbstr::proxy {
namespace {

std::string MaskedQuery(std::string_view query) {
  std::string masked;
  for (const auto& [name, value] : SplitQuery(query)) {
    if (!masked.empty()) masked += '&';
    if (value) {
      masked.append(name).append("=").append(MaskKey(std::string(*value)));
    } else {
      masked += MaskKey(std::string(name));
    }
  }
  return masked;
}

}  // namespace

std::string DisplayUrl(const ProviderUrl& url) {
  const std::string_view target = url.path_and_query;
  const std::size_t question = target.find('?');
  std::string_view path = target.substr(0, question);
  constexpr std::string_view kEndpoint = "/chat/completions";
  if (path.ends_with(kEndpoint)) path.remove_suffix(kEndpoint.size());
  std::string shown = fmt::format("{}://{}{}", url.tls ? "https" : "http", url.host_header, path);
  if (question != std::string_view::npos) shown += '?' + MaskedQuery(target.substr(question + 1));
  return shown;
}

}  // namespace arbstr::proxy
