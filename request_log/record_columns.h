#ifndef ARBSTR_REQUEST_LOG_RECORD_COLUMNS_H_
#define ARBSTR_REQUEST_LOG_RECORD_COLUMNS_H_

#include <sqlite3.h>

#include "request_log/log_query.h"

namespace arbstr::request_log {

// A query whose rows ReadRecord reads; its parameter is the row's id.
extern const char* const kSelectRecord;

// The statement's current row. A timestamp that is not of this program's making counts as 1970.
LoggedRequest ReadRecord(sqlite3_stmt* statement);

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_RECORD_COLUMNS_H_
