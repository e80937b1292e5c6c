// Any JSON text as simdjson's document. RFC 8259 has numbers of any size (§6) and escapes of half a surrogate
// pair (§8.2), which a provider may send where it cuts a text between two events; simdjson refuses both.
#ifndef ARBSTR_PROXY_CHAT_PARSE_JSON_H_
#define ARBSTR_PROXY_CHAT_PARSE_JSON_H_

#include <simdjson.h>

#include <string_view>

#include "proxy/http/body_buffer.h"

namespace arbstr::proxy {

// Behind `json` simdjson::SIMDJSON_PADDING bytes may be read. The document is valid until the parser is used
// again. Where simdjson refuses the text, or has a number of so many digits that simdjson takes microseconds
// for it instead of nanoseconds (a body of nothing else would hold a loop up for seconds), its Representable
// form is parsed. Throws std::bad_alloc.
simdjson::simdjson_result<simdjson::dom::element> ParseJson(std::string_view json,
                                                            simdjson::dom::parser& parser);

// simdjson tells of memory that it did not get as it tells of a wrong text, which would be said to a client.
void ThrowWhereNoMemory(simdjson::error_code error);

// What a number beyond the limits is read as, or its negative.
inline constexpr double kBeyondLimits = 1e308;

// A copy of a JSON text of the same length in which an integer beyond 64 bits, and a number of 1e308 or more,
// is 1e308 or -1e308, another number of more digits than a double holds has its first sixteen, and an escape
// of half a surrogate pair is \ufffd. What is no valid JSON stays invalid.
BodyBuffer Representable(std::string_view json);

// What one huge text has made the parser allocate must not stay for the life of the thread: it goes with
// this, which ends when the document is done with.
class HugeMemoryEnd {
 public:
  explicit HugeMemoryEnd(simdjson::dom::parser& parser) : parser_(parser) {}
  ~HugeMemoryEnd();
  HugeMemoryEnd(const HugeMemoryEnd&) = delete;
  HugeMemoryEnd& operator=(const HugeMemoryEnd&) = delete;

 private:
  simdjson::dom::parser& parser_;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_PARSE_JSON_H_
