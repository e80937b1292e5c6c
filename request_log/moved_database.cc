#include "request_log/moved_database.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "request_log/sqlite_connection.h"

namespace arbstr::request_log {
namespace {

std::string PathOf(sqlite3* db) {
  const char* path = sqlite3_db_filename(db, "main");
  return path == nullptr ? "" : path;
}

bool HasContent(const std::string& path) {
  struct stat found {};
  return ::stat(path.c_str(), &found) == 0 && found.st_size > 0;
}

}  // namespace

bool HasMoved(sqlite3* db) {
  int moved = 0;
  return sqlite3_file_control(db, "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK && moved != 0;
}

absl::Status CompleteFile(sqlite3* db) {
  int pages = 0;
  int copied = 0;
  // FULL keeps others from writing meanwhile. Further modes would wait for those, too, who read the newest
  // state and are in nobody's way.
  const int code = sqlite3_wal_checkpoint_v2(db, "main", SQLITE_CHECKPOINT_FULL, &pages, &copied);
  if (code == SQLITE_OK && copied == pages) return absl::OkStatus();
  if (code == SQLITE_OK || (code & 0xFF) == SQLITE_BUSY) {
    return absl::UnavailableError(
        std::string("an older state of it is being read, or somebody writes to it"));
  }
  return LastError(db, "complete its file");
}

// The log first: whoever makes a database here now writes to it before there is a log.
bool HasLogOnly(const std::string& path) { return HasContent(path + "-wal") && !HasContent(path); }

// Closing a file that was opened, and not only named, would end all locks of SQLite's on it.
DatabaseFiles::DatabaseFiles(sqlite3* db)
    : path_(PathOf(db)),
      database_(::open(path_.c_str(), O_PATH | O_CLOEXEC)),
      log_(path_ + "-wal"),
      memory_(path_ + "-shm") {}

DatabaseFiles::~DatabaseFiles() {
  if (database_ >= 0) ::close(database_);
}

bool DatabaseFiles::DatabaseIsRemoved() const {
  struct stat found {};
  return database_ >= 0 && ::fstat(database_, &found) == 0 && found.st_nlink == 0;
}

void DatabaseFiles::RemoveSideFiles() const {
  for (const NamedFile* file : {&log_, &memory_}) {
    if (file->IsThere()) ::unlink(file->path.c_str());
  }
}

void DatabaseFiles::SetLogAside() const {
  if (::access(path_.c_str(), F_OK) != 0) return;
  const std::string aside = log_.path + ".moved-" + std::to_string(log_.number);
  if (log_.IsThere() && ::rename(log_.path.c_str(), aside.c_str()) != 0) return;
  if (memory_.IsThere()) ::unlink(memory_.path.c_str());
}

}  // namespace arbstr::request_log
