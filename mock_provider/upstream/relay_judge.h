#ifndef ARBSTR_MOCK_PROVIDER_UPSTREAM_RELAY_JUDGE_H_
#define ARBSTR_MOCK_PROVIDER_UPSTREAM_RELAY_JUDGE_H_

#include <string_view>

#include "mock_provider/http/http_request.h"
#include "mock_provider/upstream/upstream_call.h"

namespace mock_provider {

// Whether a client cannot take what a real provider sent for a good answer, though it came whole: JSON that
// is none, a stream with an error, with an event that is no JSON or without events, a chat's stream without
// [DONE]. What is compressed cannot be judged. The head's names may be in any case.
bool IsBrokenByItself(const HttpRequest& request, const UpstreamHead& head, std::string_view body);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_UPSTREAM_RELAY_JUDGE_H_
