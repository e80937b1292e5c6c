#include "request_log/moved_database.h"

#include <sys/stat.h>
#include <unistd.h>

#include <utility>

namespace arbstr::request_log {
namespace {

std::string PathOf(sqlite3* db) {
  const char* path = sqlite3_db_filename(db, "main");
  return path == nullptr ? "" : path;
}

}  // namespace

bool HasMoved(sqlite3* db) {
  int moved = 0;
  return sqlite3_file_control(db, "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK && moved != 0;
}

SideFiles::File::File(std::string p) : path(std::move(p)) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return;
  device = found.st_dev;
  number = found.st_ino;
}

bool SideFiles::File::IsThere() const {
  const File now(path);
  return number != 0 && now.number == number && now.device == device;
}

SideFiles::SideFiles(sqlite3* db) : log_(PathOf(db) + "-wal"), memory_(PathOf(db) + "-shm") {}

void SideFiles::Remove() const {
  for (const File* file : {&log_, &memory_}) {
    if (file->IsThere()) ::unlink(file->path.c_str());
  }
}

}  // namespace arbstr::request_log
