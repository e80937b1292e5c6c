#include "proxy/chat/trace_context.h"

#include <algorithm>

namespace arbstr::proxy {
namespace {

// version "-" trace-id "-" parent-id "-" trace-flags
constexpr std::size_t kTraceAt = 3, kParentAt = 36, kFlagsAt = 53, kLength = 55;

bool IsLowerHex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool IsZero(std::string_view text) { return text.find_first_not_of('0') == std::string_view::npos; }

}  // namespace

std::string_view TraceIdOf(std::string_view traceparent) {
  if (traceparent.size() < kLength) return "";
  const std::string_view version = traceparent.substr(0, 2);
  const std::string_view trace = traceparent.substr(kTraceAt, 32);
  const std::string_view parent = traceparent.substr(kParentAt, 16);
  const std::string_view flags = traceparent.substr(kFlagsAt, 2);
  const bool dashes =
      traceparent[2] == '-' && traceparent[kParentAt - 1] == '-' && traceparent[kFlagsAt - 1] == '-';
  // A later version may have more, behind another dash.
  const bool ends = traceparent.size() == kLength || (version != "00" && traceparent[kLength] == '-');
  const bool hex = IsLowerHex(version) && IsLowerHex(trace) && IsLowerHex(parent) && IsLowerHex(flags);
  if (!dashes || !ends || !hex || version == "ff" || IsZero(trace) || IsZero(parent)) return "";
  return trace;
}

}  // namespace arbstr::proxy
