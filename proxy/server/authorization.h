// Bearer tokens (RFC 6750 §2.1).
#ifndef ARBSTR_PROXY_SERVER_AUTHORIZATION_H_
#define ARBSTR_PROXY_SERVER_AUTHORIZATION_H_

#include <string>
#include <string_view>

namespace arbstr::proxy {

// Whether an Authorization value carries `token`. The time it takes does not depend on how much of it is
// right.
bool IsAuthorized(std::string_view authorization, const std::string& token);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_SERVER_AUTHORIZATION_H_
