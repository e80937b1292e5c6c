// Which header fields cross the gateway, in each direction. All others stay where they are.
#ifndef ARBSTR_PROXY_CHAT_PASSED_FIELDS_H_
#define ARBSTR_PROXY_CHAT_PASSED_FIELDS_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proxy/http/message_parser.h"

namespace arbstr::proxy {

// The client's Content-Type, Accept, User-Agent, traceparent and tracestate, but for those that the provider
// is given by its own configuration (`given`), and an Idempotency-Key that is the request's id: the same on
// every attempt, so that a provider can tell a retry from a second request.
std::string RequestFieldsPassedOn(const RequestParser& head, const std::string& request_id,
                                  const std::vector<std::pair<std::string, std::string>>& given);

// The provider's x-ratelimit-*, retry-after, retry-after-ms, x-should-retry, openai-*, x-request-id,
// content-type and content-encoding. The provider's `secrets` are masked in those that have room for one.
std::string ResponseFieldsPassedOn(const ResponseParser& head, const std::vector<std::string>& secrets);

// `fields` without every one called `name`, in any case: for an answer whose body is not the provider's, or
// whose x-should-retry is not.
std::string WithoutField(const std::string& fields, std::string_view name);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_PASSED_FIELDS_H_
