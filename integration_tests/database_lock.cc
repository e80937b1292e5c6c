#include "integration_tests/database_lock.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <chrono>
#include <thread>
#include <utility>

#include "integration_tests/child_process.h"

namespace integration_tests {
namespace {

// https://www.sqlite.org/walformat.html: WAL_READ_LOCK(0) to (4).
constexpr off_t kReadLocksAt = 123;
constexpr off_t kReadLocks = 5;

}  // namespace

WriteLock::WriteLock(const std::string& database) {
  if (sqlite3_open_v2(database.c_str(), &db_, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK) {
    sqlite3_busy_timeout(db_, 10'000);
    if (sqlite3_exec(db_, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK) return;
  }
  sqlite3_close(std::exchange(db_, nullptr));
}

void WriteLock::Release() {
  if (db_ == nullptr) return;
  sqlite3_exec(db_, "ROLLBACK", nullptr, nullptr, nullptr);
  sqlite3_close(std::exchange(db_, nullptr));
}

ReadLock::ReadLock(const std::string& database)
    : file_(::open((database + "-shm").c_str(), O_RDWR | O_CLOEXEC)) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = kReadLocksAt;
  lock.l_len = kReadLocks;
  while (!held_ && std::chrono::steady_clock::now() < until) {
    held_ = ::fcntl(file_, F_SETLK, &lock) == 0;
    // A bounded wait for a reader that is at work.
    if (!held_) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

void ReadLock::Release() {
  held_ = false;
  if (file_ >= 0) ::close(std::exchange(file_, -1));
}

}  // namespace integration_tests
