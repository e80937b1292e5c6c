#ifndef ARBSTR_PROXY_CONFIG_RESTART_KEYS_H_
#define ARBSTR_PROXY_CONFIG_RESTART_KEYS_H_

#include <string>
#include <vector>

#include "proxy/config/config.h"

namespace arbstr::proxy {

// The keys that `next` has another value for and that only a restart can change, as in "server.listen". Of
// the certificate: whether there is one.
std::vector<std::string> KeysThatNeedARestart(const Config& running, const Config& next);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CONFIG_RESTART_KEYS_H_
