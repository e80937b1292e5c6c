// W3C Trace Context: which trace a request is part of.
#ifndef ARBSTR_PROXY_CHAT_TRACE_CONTEXT_H_
#define ARBSTR_PROXY_CHAT_TRACE_CONTEXT_H_

#include <string_view>

namespace arbstr::proxy {

// The trace id of a `traceparent`, 32 hexadecimal digits within it; empty where it is none by the
// specification, versions later than 00 included.
std::string_view TraceIdOf(std::string_view traceparent);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_TRACE_CONTEXT_H_
