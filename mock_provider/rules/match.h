#ifndef ARBSTR_MOCK_PROVIDER_RULES_MATCH_H_
#define ARBSTR_MOCK_PROVIDER_RULES_MATCH_H_

#include <cstdint>
#include <string>

#include "mock_provider/http/http_request.h"
#include "mock_provider/rules/chat_request.h"
#include "mock_provider/scenario/scenario.h"

namespace mock_provider {

// Whether the request fits every part of the match. `chat` is what was read of http's body.
bool Matches(const Match& match, const HttpRequest& http, const ChatRequest& chat);

// The value a rule's counters are kept under for this request; empty where the request has none.
std::string KeyValue(const Key& key, const HttpRequest& http, std::uint64_t connection);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_RULES_MATCH_H_
