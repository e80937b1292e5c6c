#ifndef ARBSTR_REQUEST_LOG_STORED_TEXT_H_
#define ARBSTR_REQUEST_LOG_STORED_TEXT_H_

#include <string>
#include <string_view>

namespace arbstr::request_log {

// Whether text can be stored as it is: valid UTF-8 without NUL.
bool IsStorable(std::string_view text);

// The text with each NUL and each byte that is not part of valid UTF-8 replaced by U+FFFD, so that every
// program that reads the database can read the row.
std::string MakeStorable(std::string_view text);

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_STORED_TEXT_H_
