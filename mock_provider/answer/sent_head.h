#ifndef ARBSTR_MOCK_PROVIDER_ANSWER_SENT_HEAD_H_
#define ARBSTR_MOCK_PROVIDER_ANSWER_SENT_HEAD_H_

#include <cstdint>
#include <optional>

#include "mock_provider/http/wire_plan.h"

namespace mock_provider {

// What a client can read of an answer's head when a plan is carried out to its end.
struct SentHead {
  int status = 0;  // 0: none, since no byte comes or what comes is no status line
  // What retry-after-ms, or else retry-after (in seconds, or until a date), asks for. Only a head that goes
  // out whole asks for anything. Of a wait until a date it is what no clock can take for less.
  std::optional<std::int64_t> retry_after_ms{};
  std::optional<bool> should_retry{};  // what x-should-retry says, true or false; likewise
};
// `unix_ms` is when the plan begins. A date in the head counts instead, as the end of its second.
SentHead ReadSentHead(const WirePlan& plan, double unix_ms = 0);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_ANSWER_SENT_HEAD_H_
