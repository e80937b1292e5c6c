// The bodies of /v1/requests and /v1/stats.
#ifndef ARBSTR_PROXY_SERVER_LOG_JSON_H_
#define ARBSTR_PROXY_SERVER_LOG_JSON_H_

#include <string>

#include "request_log/log_query.h"

namespace arbstr::proxy {

// A row without an attempt_log had no failed attempt, so that its only attempt, if it has one, answered or
// was cut short: it is told with what the row knows of it, null for what it does not.
std::string PageJson(const request_log::PageQuery& query, const request_log::Page& page);
std::string StatsJson(const request_log::StatsQuery& query, const request_log::Stats& stats);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_SERVER_LOG_JSON_H_
