#ifndef ARBSTR_MOCK_PROVIDER_SCENARIO_EVENT_STREAM_REPLY_H_
#define ARBSTR_MOCK_PROVIDER_SCENARIO_EVENT_STREAM_REPLY_H_

#include <strings.h>

#include <algorithm>

#include "mock_provider/scenario/action.h"

namespace mock_provider {

// Whether the reply's own headers call it server-sent events: its body is then sent event by event.
inline bool IsEventStream(const Reply& reply) {
  return std::any_of(reply.headers.begin(), reply.headers.end(), [](const auto& header) {
    return ::strcasecmp(header.first.c_str(), "content-type") == 0 &&
           header.second.starts_with("text/event-stream");
  });
}

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_SCENARIO_EVENT_STREAM_REPLY_H_
