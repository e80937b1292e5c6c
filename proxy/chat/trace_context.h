// W3C Trace Context: which trace a request is part of.
#ifndef ARBSTR_PROXY_CHAT_TRACE_CONTEXT_H_
#define ARBSTR_PROXY_CHAT_TRACE_CONTEXT_H_

#include <string_view>

namespace arbstr::proxy {

// The trace id of a `traceparent`, 32 hexadecimal digits within it; empty if it is not a valid traceparent.
// Versions later than 00 are read as the specification says; ff is invalid.
std::string_view TraceIdOf(std::string_view traceparent);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_TRACE_CONTEXT_H_
