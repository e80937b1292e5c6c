#include "proxy/config/display_url.h"

#include <fmt/format.h>

#include <string_view>

#include "proxy/config/mask.h"

namespace arbstr::proxy {
namespace {

std::string MaskedQuery(std::string_view query) {
  std::string masked;
  while (!query.empty()) {
    const std::string_view parameter = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), parameter.size() + 1));
    const std::size_t equals = parameter.find('=');
    if (!masked.empty()) masked += '&';
    if (equals == std::string_view::npos) {
      masked += MaskKey(std::string(parameter));
    } else {
      masked += parameter.substr(0, equals + 1);
      masked += MaskKey(std::string(parameter.substr(equals + 1)));
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
