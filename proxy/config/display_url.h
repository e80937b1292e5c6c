#ifndef ARBSTR_PROXY_CONFIG_DISPLAY_URL_H_
#define ARBSTR_PROXY_CONFIG_DISPLAY_URL_H_

#include <string>

#include "proxy/config/provider_url.h"

namespace arbstr::proxy {

// The base URL for people, as it stands in the configuration but for the values of its query, which are
// masked: some providers take their key there.
std::string DisplayUrl(const ProviderUrl& url);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CONFIG_DISPLAY_URL_H_
