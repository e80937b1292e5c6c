// The gateway's own log lines: to stderr, from a thread of their own.
#ifndef ARBSTR_PROXY_LOGGING_H_
#define ARBSTR_PROXY_LOGGING_H_

#include "proxy/config/config.h"

namespace arbstr::proxy {

// Makes spdlog's default logger write in the background, as lines of text or of JSON. A full queue drops the
// oldest line rather than wait: the log of requests is the evidence, these lines are not.
void StartLogging(const LoggingConfig& config);

// Writes what is queued. False: nobody reads stderr, a pipe perhaps, and the background thread still waits
// for somebody who does: the process can only end without it, by _Exit.
[[nodiscard]] bool StopLogging();

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_LOGGING_H_
