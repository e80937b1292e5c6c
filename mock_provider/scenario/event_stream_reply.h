#ifndef ARBSTR_MOCK_PROVIDER_SCENARIO_EVENT_STREAM_REPLY_H_
#define ARBSTR_MOCK_PROVIDER_SCENARIO_EVENT_STREAM_REPLY_H_

#include <strings.h>

#include <algorithm>
#include <string_view>

#include "mock_provider/scenario/action.h"

namespace mock_provider {

// Whether a content-type is that of server-sent events, with parameters or without.
inline bool IsEventStreamType(std::string_view type) {
  constexpr std::string_view kType = "text/event-stream";
  if (type.size() < kType.size() || ::strncasecmp(type.data(), kType.data(), kType.size()) != 0) return false;
  type.remove_prefix(kType.size());
  return type.empty() || type.front() == ';' || type.front() == ' ' || type.front() == '\t';
}

// Whether the reply's own headers call it server-sent events: its body is then sent event by event.
inline bool IsEventStream(const Reply& reply) {
  return std::any_of(reply.headers.begin(), reply.headers.end(), [](const auto& header) {
    return ::strcasecmp(header.first.c_str(), "content-type") == 0 && IsEventStreamType(header.second);
  });
}

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_SCENARIO_EVENT_STREAM_REPLY_H_
