#ifndef ARBSTR_REQUEST_LOG_BIND_RECORD_H_
#define ARBSTR_REQUEST_LOG_BIND_RECORD_H_

#include <sqlite3.h>

#include <string>

#include "request_log/record.h"

namespace arbstr::request_log {

// Binds a record to the 18 parameters of its INSERT, in the order of the table's columns after `id`. The
// record and its formatted timestamp must live, unchanged, until the statement is reset. Returns an SQLite
// result code.
int BindRecord(sqlite3_stmt* statement, const Record& record, const std::string& timestamp);

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_BIND_RECORD_H_
