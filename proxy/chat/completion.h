// What the gateway reads of a provider's answer: what it used, and whether it is an error in disguise.
#ifndef ARBSTR_PROXY_CHAT_COMPLETION_H_
#define ARBSTR_PROXY_CHAT_COMPLETION_H_

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/http/body_buffer.h"
#include "router/price.h"

namespace arbstr::proxy {

struct Completion {
  std::optional<router::Usage> usage;  // both counts, neither negative
  std::optional<double> total_cost;    // usage.total_cost: what the provider says it charged
  bool is_error = false;               // an `error` object without `choices`
};

// What is looked at of an answer, or of a stream's chunk. Of two members of one name it is the first.
struct AnswerMembers {
  std::optional<simdjson::dom::element> error, choices, usage;
};
AnswerMembers ReadAnswerMembers(const simdjson::dom::object& answer);

Completion ReadCompletion(const AnswerMembers& answer);
// Of a JSON object; anything else reads as nothing.
Completion ReadCompletion(const BodyBuffer& body, simdjson::dom::parser& parser);

// Whether `body` has OpenAI's error shape: an object whose `error` is an object with a string `message`. Then
// that message, else nothing.
std::optional<std::string> OpenAiErrorMessage(const BodyBuffer& body, simdjson::dom::parser& parser);

// The first 200 bytes of `text` with what cannot be printed left out, and no character cut in two.
std::string Excerpt(std::string_view text);

// `text` with every occurrence of `key` masked, those too that JSON escapes ("\/" for "/"). An empty key
// changes nothing.
std::string MaskSecret(std::string_view text, const std::string& key);

// The same for several, of which a longer one comes before what is part of it.
std::string MaskSecrets(std::string text, const std::vector<std::string>& secrets);

// How long the longest of the secrets may be where JSON escapes all of it, in bytes.
size_t LongestSecret(const std::vector<std::string>& secrets);

// The same of the beginning of a text. `cut`: the text goes on, so that its end here may be half a secret,
// and is left out.
std::string MaskedBeginning(std::string_view beginning, bool cut, const std::vector<std::string>& secrets);

// A provider's words in an error of ours: masked as a whole, so that no part of a secret is left at the end.
std::string MaskedExcerpt(std::string_view text, const std::vector<std::string>& secrets);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_COMPLETION_H_
