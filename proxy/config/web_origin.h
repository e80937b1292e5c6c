#ifndef ARBSTR_PROXY_CONFIG_WEB_ORIGIN_H_
#define ARBSTR_PROXY_CONFIG_WEB_ORIGIN_H_

#include <string>

namespace arbstr::proxy {

// Whether `text` is what a browser could send as Origin: SCHEME://HOST or SCHEME://HOST:PORT in lower case,
// without a path, and without the port that http and https have anyway. "null" is not: it is what all pages
// without an origin of their own send.
bool IsWebOrigin(const std::string& text);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CONFIG_WEB_ORIGIN_H_
