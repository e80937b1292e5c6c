// JSON has numbers of any size (RFC 8259 §6), simdjson's documents have none beyond 64 bits.
#ifndef ARBSTR_PROXY_CHAT_LONG_NUMBERS_H_
#define ARBSTR_PROXY_CHAT_LONG_NUMBERS_H_

#include "proxy/http/body_buffer.h"

namespace arbstr::proxy {

// A copy of a JSON text in which each number that might not fit (more than 15 characters, or an exponent) is
// 0, followed by spaces to the same length. What is not a valid number stays as it is.
BodyBuffer WithoutLongNumbers(const BodyBuffer& json);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_LONG_NUMBERS_H_
