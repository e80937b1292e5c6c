// What to do where a database's file is moved away or removed while it is open: SQLite goes on with the file
// that it has, which nobody finds any more.
#ifndef ARBSTR_REQUEST_LOG_MOVED_DATABASE_H_
#define ARBSTR_REQUEST_LOG_MOVED_DATABASE_H_

#include <sqlite3.h>

#include <string>

#include "absl/status/status.h"
#include "request_log/named_file.h"

namespace arbstr::request_log {

// Whether the file that `db` has open is no longer the one at its path. Asks the file system: blocks.
bool HasMoved(sqlite3* db);

// Copies into the database's file whatever has been committed and is in the write-ahead log alone. Where that
// cannot be yet, the status says why: somebody reads an older state, which the copy would overwrite, or
// writes. Waits for them as long as the connection waits for locks.
absl::Status CompleteFile(sqlite3* db);

// Whether there is a write-ahead log at the path, but no database that it could be of: SQLite would remove
// it, with the rows that it alone may have, in order to make a new one there.
bool HasLogOnly(const std::string& path);

// The files of a database in WAL mode, as they are when it is opened. Those that SQLite keeps beside it are
// known by their paths alone, and stay behind when only the database is moved: whoever opened another
// database at its path would take them for that one's.
class DatabaseFiles {
 public:
  // Of a database that has been read from, so that they are there, and that stays open while this is used.
  explicit DatabaseFiles(sqlite3* db);
  ~DatabaseFiles();
  DatabaseFiles(const DatabaseFiles&) = delete;
  DatabaseFiles& operator=(const DatabaseFiles&) = delete;

  // Whether the database has no name any more: it goes when it is closed.
  bool DatabaseIsRemoved() const;

  // Removes those that are still there.
  void RemoveSideFiles() const;
  // Keeps the write-ahead log out of the way of another database that is at the path now, under a name of
  // its own beside it. Where none is there, all stays as it is.
  void SetLogAside() const;

 private:
  const std::string path_;
  const int database_;  // names it without opening it; -1: there was none
  const NamedFile log_, memory_;
};

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_MOVED_DATABASE_H_
