#ifndef ARBSTR_REQUEST_LOG_SQLITE_SINK_H_
#define ARBSTR_REQUEST_LOG_SQLITE_SINK_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "request_log/reader_gate.h"
#include "request_log/sink.h"

namespace arbstr::request_log {

enum class SqliteDurability {
  kGroup,           // a killed process loses nothing committed; a power cut may lose the last commits
  kBeforeResponse,  // every commit reaches the disk before Write returns
};

struct SqliteUpkeepOptions {
  int retention_days = 0;              // older rows are deleted, within the hour; 0: none are
  std::int64_t rows_rolled_up = 4096;  // how many new rows are put into segments at once
  std::size_t rows_pruned = 512;       // how many old rows are deleted at once, at most
};

// Opens the log's database in WAL mode, creating the file or migrating its schema forward as needed. An
// error names the path and why: not openable, not a database, written by a newer version, or not a request
// log of ours. Write waits only briefly for another connection's lock: a database that stays busy is an
// error of that Write, to be repeated later. So is a file that somebody has moved or removed: it is closed
// with all that was written to it, and the repeated Write makes the next one at its path. Until that can be,
// for instance because somebody reads an older state of it, each Write is refused. Where the sink ends
// before, the write-ahead log stays beside the path, and is not opened with another database.
absl::StatusOr<std::unique_ptr<Sink>> OpenSqlite(const std::string& path, SqliteDurability durability,
                                                 SqliteUpkeepOptions upkeep = {},
                                                 std::shared_ptr<ReaderGate> gate = nullptr);

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_SQLITE_SINK_H_
