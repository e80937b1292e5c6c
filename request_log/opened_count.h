#ifndef ARBSTR_REQUEST_LOG_OPENED_COUNT_H_
#define ARBSTR_REQUEST_LOG_OPENED_COUNT_H_

#include <atomic>
#include <cstdint>

namespace arbstr::request_log {

// How often the log's writer has opened a database at its path. Its reader, which shares this with it, opens
// the next one after it and never before: by then no file of the last one is in the way.
using OpenedCount = std::atomic<std::uint64_t>;

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_OPENED_COUNT_H_
