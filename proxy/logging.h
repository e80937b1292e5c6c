// The gateway's own log lines: to stderr, from a thread of their own.
#ifndef ARBSTR_PROXY_LOGGING_H_
#define ARBSTR_PROXY_LOGGING_H_

#include <cstdint>
#include <memory>
#include <string>

#include "proxy/config/config.h"
#include "proxy/line_writer.h"

namespace arbstr::proxy {

// Makes spdlog's default logger write in the background, as lines of text or of JSON. Where more than 8 MiB
// wait to be read, lines are dropped rather than anything wait: the log of requests is the evidence, these
// lines are not.
std::unique_ptr<LineWriter> StartLogging(const LoggingConfig& config);

// Writes what is queued; what is logged from here on goes nowhere. No other thread logs meanwhile. False:
// nobody reads stderr, a pipe perhaps, and the background thread still waits for somebody who does: the
// process can only end without it, by _Exit.
[[nodiscard]] bool StopLogging(std::unique_ptr<LineWriter> writer);

// What stands for so many lines that were dropped: a line like any other.
std::string GapLine(LogFormat format, uint64_t lines);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_LOGGING_H_
