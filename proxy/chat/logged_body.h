// How much of a prompt or an answer the gateway's own log may show.
#ifndef ARBSTR_PROXY_CHAT_LOGGED_BODY_H_
#define ARBSTR_PROXY_CHAT_LOGGED_BODY_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/chat/mask_secrets.h"

namespace arbstr::proxy {

// So much of a body is logged at most, secrets masked.
inline constexpr std::size_t kLoggedBodyBytes = 16'384;

// How much of a body LoggedBody looks at: its rest changes nothing. `secrets`: as SortedSecrets gives them.
std::size_t LoggedBodyWindow(const std::vector<std::string>& secrets);

// The beginning of `body`, with every secret in it masked as a whole, also one that the bound would cut.
std::string LoggedBody(std::string_view body, const std::vector<std::string>& secrets);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_LOGGED_BODY_H_
