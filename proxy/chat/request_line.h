// The line of a chat request in the gateway's own log.
#ifndef ARBSTR_PROXY_CHAT_REQUEST_LINE_H_
#define ARBSTR_PROXY_CHAT_REQUEST_LINE_H_

#include <string>
#include <string_view>

#include "proxy/chat/attempt_log.h"
#include "proxy/chat/skipped_candidates.h"
#include "proxy/config/config.h"
#include "request_log/record.h"

namespace arbstr::proxy {

// What the row says, where in the line's format it says it. `trace_id`: empty where the client named none.
std::string RequestLine(LogFormat format, const request_log::Record& row, const AttemptLog& attempt_log,
                        const SkippedCandidates& skipped, std::string_view trace_id);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_REQUEST_LINE_H_
