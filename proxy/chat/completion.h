// What the gateway reads of a provider's answer: what it used, and whether it is an error in disguise.
#ifndef ARBSTR_PROXY_CHAT_COMPLETION_H_
#define ARBSTR_PROXY_CHAT_COMPLETION_H_

#include <simdjson.h>

#include <optional>
#include <string>

#include "proxy/http/body_buffer.h"
#include "router/price.h"

namespace arbstr::proxy {

struct Completion {
  std::optional<router::Usage> usage;  // both counts, neither negative
  std::optional<double> total_cost;    // usage.total_cost: what the provider says it charged
  bool is_error = false;               // an `error` object without `choices`
  bool is_json = false;                // of whatever kind
};

// What is looked at of an answer, or of a stream's chunk. Of two members of one name it is the first.
struct AnswerMembers {
  std::optional<simdjson::dom::element> error, choices, usage;
};
AnswerMembers ReadAnswerMembers(const simdjson::dom::object& answer);

Completion ReadCompletion(const AnswerMembers& answer);
// Of a JSON object; anything else reads as nothing.
Completion ReadCompletion(const BodyBuffer& body, simdjson::dom::parser& parser);

// An error that is passed on is searched for secrets on the event loop: a larger one is not passed on.
inline constexpr size_t kMostErrorBytes = 1 << 18;

// Whether `body` has OpenAI's error shape: an object whose `error` is an object with a string `message`. Then
// that message, else nothing. One of more than kMostErrorBytes has not, whatever it holds.
std::optional<std::string> OpenAiErrorMessage(const BodyBuffer& body, simdjson::dom::parser& parser);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_COMPLETION_H_
