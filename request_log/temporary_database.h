#ifndef ARBSTR_REQUEST_LOG_TEMPORARY_DATABASE_H_
#define ARBSTR_REQUEST_LOG_TEMPORARY_DATABASE_H_

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>

#include "request_log/sqlite_connection.h"

namespace arbstr::request_log {

// A test's own folder for a database, and connections beside the tested one to read and change it.
class TemporaryDatabase {
 public:
  TemporaryDatabase() : folder_(testing::TempDir() + "/request_log_XXXXXX") {
    if (mkdtemp(folder_.data()) == nullptr) ADD_FAILURE() << "mkdtemp " << folder_;
  }
  ~TemporaryDatabase() { std::filesystem::remove_all(folder_); }

  std::string folder() const { return folder_; }
  std::string path() const { return folder_ + "/arbstr.db"; }

  SqliteConnection Connect() const {
    absl::StatusOr<SqliteConnection> db = OpenConnection(path());
    EXPECT_TRUE(db.ok()) << db.status();
    return db.ok() ? *std::move(db) : nullptr;
  }
  std::string Query(const std::string& sql) const {
    const SqliteConnection db = Connect();
    if (db == nullptr) return "no connection";
    const absl::StatusOr<std::string> text = QueryText(db.get(), sql);
    return text.ok() ? *text : text.status().ToString();
  }
  void Execute(const std::string& sql) const {
    const SqliteConnection db = Connect();
    ASSERT_NE(db, nullptr);
    const absl::Status status = request_log::Execute(db.get(), sql);
    ASSERT_TRUE(status.ok()) << status;
  }

 private:
  std::string folder_;
};

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_TEMPORARY_DATABASE_H_
