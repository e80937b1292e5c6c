// UUID version 7 (RFC 9562 §5.7): ids that sort by time, so that an index over them grows at its end.
#ifndef ARBSTR_PROXY_SERVER_UUID7_H_
#define ARBSTR_PROXY_SERVER_UUID7_H_

#include <chrono>
#include <cstdint>
#include <string>

namespace arbstr::proxy {

// `random`: 62 random bits are used of it. The 12 bits behind the millisecond are its fraction (§6.2, method
// 3).
std::string MakeUuid7(std::chrono::system_clock::time_point now, uint64_t random);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_SERVER_UUID7_H_
