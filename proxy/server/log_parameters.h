// What a request to /v1/requests or /v1/stats asks for. Pure.
#ifndef ARBSTR_PROXY_SERVER_LOG_PARAMETERS_H_
#define ARBSTR_PROXY_SERVER_LOG_PARAMETERS_H_

#include <chrono>
#include <string_view>
#include <variant>

#include "proxy/http/api_error.h"
#include "request_log/log_query.h"

namespace arbstr::proxy {

// From the target's query; a name that is unknown or given twice, and a value that cannot be, is an error
// that names what can be. The range: `since` and `until`, each else as `range` says, which ends at `now` and
// is last_7d where it is absent; `now` itself, which lies in some millisecond, is still in it.
std::variant<request_log::PageQuery, ApiError> ReadPageQuery(std::string_view target,
                                                             std::chrono::system_clock::time_point now);
std::variant<request_log::StatsQuery, ApiError> ReadStatsQuery(std::string_view target,
                                                               std::chrono::system_clock::time_point now);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_SERVER_LOG_PARAMETERS_H_
