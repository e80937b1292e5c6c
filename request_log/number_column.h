// Many numbers in few bytes: how a segment keeps a column of its rows.
#ifndef ARBSTR_REQUEST_LOG_NUMBER_COLUMN_H_
#define ARBSTR_REQUEST_LOG_NUMBER_COLUMN_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace arbstr::request_log {

// column := number*
// number := the difference from the one before (the first: from 0), modulo 2^64, in zigzag (0, -1, 1, -2, …
//           as 0, 1, 2, 3, …), seven bits per byte, lowest first, the top bit set on every byte but the last
std::string EncodeNumbers(const std::vector<std::int64_t>& numbers);
// False where the column does not hold exactly `count` numbers.
bool DecodeNumbers(std::string_view column, std::size_t count, std::vector<std::int64_t>& numbers);

// column := eight bytes per number, IEEE 754, lowest byte first. NaN stands for what is not known.
std::string EncodeReals(const std::vector<double>& reals);
bool DecodeReals(std::string_view column, std::size_t count, std::vector<double>& reals);

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_NUMBER_COLUMN_H_
