#include "proxy/config/provider_url.h"

#include <fmt/format.h>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace arbstr::proxy {

absl::StatusOr<ProviderUrl> ParseProviderUrl(const std::string& text) {
  const auto parsed = boost::urls::parse_uri(text);
  if (parsed.has_error()) return absl::InvalidArgumentError("is not a URL such as https://api.example.com/v1");
  const boost::urls::url_view url = *parsed;
  if (url.scheme_id() != boost::urls::scheme::http && url.scheme_id() != boost::urls::scheme::https) {
    return absl::InvalidArgumentError("must begin with http:// or https://");
  }
  if (url.has_userinfo()) return absl::InvalidArgumentError("must not hold a user or password: use api_key or headers");
  if (url.has_fragment()) return absl::InvalidArgumentError("must not have a #fragment");
  ProviderUrl result;
  result.tls = url.scheme_id() == boost::urls::scheme::https;
  const std::string encoded_host(url.encoded_host().data(), url.encoded_host().size());
  result.host = encoded_host.starts_with('[') ? encoded_host.substr(1, encoded_host.size() - 2) : encoded_host;
  if (result.host.empty()) return absl::InvalidArgumentError("has no host");
  const std::uint16_t usual_port = result.tls ? 443 : 80;
  if (url.has_port() && !url.port().empty() && url.port_number() == 0) {
    return absl::InvalidArgumentError("has a port that is not 1 to 65535");
  }
  result.port = url.port_number() == 0 ? usual_port : url.port_number();
  result.host_header = result.port == usual_port ? encoded_host : fmt::format("{}:{}", encoded_host, result.port);
  std::string path(url.encoded_path().data(), url.encoded_path().size());
  while (path.ends_with('/')) path.pop_back();
  result.path_and_query = path + "/chat/completions";
  if (url.has_query()) {
    result.path_and_query += "?" + std::string(url.encoded_query().data(), url.encoded_query().size());
  }
  return result;
}

}  // namespace arbstr::proxy
