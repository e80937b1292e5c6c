// Answers questions about the log's database over a connection of its own, which cannot write. The writer
// never waits for it: in WAL mode each sees the database as of one moment.
#ifndef ARBSTR_REQUEST_LOG_LOG_READER_H_
#define ARBSTR_REQUEST_LOG_LOG_READER_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "request_log/log_query.h"
#include "request_log/reader_gate.h"

namespace arbstr::request_log {

// Used by one thread at a time; blocks it.
class LogReader {
 public:
  // Of a database that OpenSqlite has opened before: it makes the tables. With the `gate` of its writer it
  // reads whatever that has open: where the database has moved, the next one, once the writer has made it.
  static absl::StatusOr<std::unique_ptr<LogReader>> Open(const std::string& path,
                                                         std::shared_ptr<ReaderGate> gate = nullptr);
  virtual ~LogReader() = default;

  // `stopped` is called now and then; once it returns true, the answer is Cancelled.
  virtual absl::StatusOr<Page> ReadPage(const PageQuery& query, const std::function<bool()>& stopped) = 0;
  virtual absl::StatusOr<Stats> ReadStats(const StatsQuery& query, const std::function<bool()>& stopped) = 0;
};

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_LOG_READER_H_
