#ifndef ARBSTR_REQUEST_LOG_SCHEMA_H_
#define ARBSTR_REQUEST_LOG_SCHEMA_H_

#include <sqlite3.h>

#include "absl/status/status.h"

namespace arbstr::request_log {

// The version this program writes, kept in PRAGMA user_version. 0: an empty database.
int SchemaVersion();

// Brings the database to SchemaVersion(), one step per transaction, so that an interrupted migration resumes.
// Refuses a newer version, a database of another program, and a table `requests` that is not ours.
absl::Status Migrate(sqlite3* db);

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_SCHEMA_H_
