// The gateway's database taken by somebody else, as a backup or a tool that does not let go would.
#ifndef ARBSTR_INTEGRATION_TESTS_DATABASE_LOCK_H_
#define ARBSTR_INTEGRATION_TESTS_DATABASE_LOCK_H_

#include <string>

struct sqlite3;

namespace integration_tests {

// Holds the write lock: nobody else can write, everybody can read.
class WriteLock {
 public:
  explicit WriteLock(const std::string& database);
  ~WriteLock() { Release(); }
  WriteLock(const WriteLock&) = delete;
  WriteLock& operator=(const WriteLock&) = delete;
  bool held() const { return db_ != nullptr; }
  void Release();

 private:
  sqlite3* db_ = nullptr;
};

// Holds the locks that every reader takes in turn (SQLite's WAL-index has them at fixed bytes): reads wait
// and fail. Other access to the same database from this process ends it.
class ReadLock {
 public:
  explicit ReadLock(const std::string& database);
  ~ReadLock() { Release(); }
  ReadLock(const ReadLock&) = delete;
  ReadLock& operator=(const ReadLock&) = delete;
  bool held() const { return held_; }
  void Release();

 private:
  int file_ = -1;
  bool held_ = false;
};

}  // namespace integration_tests

#endif  // ARBSTR_INTEGRATION_TESTS_DATABASE_LOCK_H_
