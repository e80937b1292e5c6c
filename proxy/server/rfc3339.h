#ifndef ARBSTR_PROXY_SERVER_RFC3339_H_
#define ARBSTR_PROXY_SERVER_RFC3339_H_

#include <chrono>
#include <optional>
#include <string_view>

namespace arbstr::proxy {

// A date-time of RFC 3339 (§5.6), to the next whole millisecond: 2026-01-31T12:00:00Z,
// 2026-01-31T13:00:00.5+01:00, that is in the years 0000 to 9999 of UTC. A leap second is the second after
// it. A space may stand for the '+' of the offset, which a query that is not encoded loses.
std::optional<std::chrono::sys_time<std::chrono::milliseconds>> ParseRfc3339(std::string_view text);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_SERVER_RFC3339_H_
