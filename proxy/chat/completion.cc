#include "proxy/chat/completion.h"

#include <cmath>

#include "proxy/chat/json_members.h"
#include "proxy/chat/parse_json.h"

namespace arbstr::proxy {
namespace {

namespace dom = simdjson::dom;

// No request has so many tokens. Beyond it a double has no room for every whole number, and a few of them
// would be more than sums have room for.
constexpr int64_t kMostTokens = int64_t{1} << 53;

// A count by the OpenAI chat API's name for it, or by that of its newer APIs.
std::optional<int64_t> Count(const std::optional<dom::element>& member,
                             const std::optional<dom::element>& other_member) {
  for (const auto* each : {&member, &other_member}) {
    if (const auto count = As<int64_t>(*each); count && *count >= 0 && *count < kMostTokens) return count;
    const auto number = As<double>(*each);  // 12.0, as some write a whole number
    if (number && *number >= 0 && *number < double{kMostTokens} && *number == std::floor(*number)) {
      return static_cast<int64_t>(*number);
    }
  }
  return std::nullopt;
}

std::optional<dom::element> Parse(const BodyBuffer& body, dom::parser& parser) {
  dom::element root;
  if (body.size() == 0) return std::nullopt;
  if (ParseJson(body.view(), parser).get(root) != simdjson::SUCCESS) return std::nullopt;
  return root;
}

}  // namespace

AnswerMembers ReadAnswerMembers(const dom::object& answer) {
  const auto [error, choices, usage] = FindMembers(answer, "error", "choices", "usage");
  return {error, choices, usage};
}

Completion ReadCompletion(const AnswerMembers& answer) {
  Completion completion;
  completion.is_error = As<dom::object>(answer.error) && !answer.choices;
  if (const auto usage = As<dom::object>(answer.usage)) {
    const auto [prompt_tokens, input_tokens, completion_tokens, output_tokens, total_cost] = FindMembers(
        *usage, "prompt_tokens", "input_tokens", "completion_tokens", "output_tokens", "total_cost");
    const auto input = Count(prompt_tokens, input_tokens);
    const auto output = Count(completion_tokens, output_tokens);
    if (input && output) completion.usage = {*input, *output};
    const auto cost = As<double>(total_cost);
    if (cost && std::abs(*cost) < kBeyondLimits) completion.total_cost = cost;
  }
  return completion;
}

Completion ReadCompletion(const BodyBuffer& body, dom::parser& parser) {
  const HugeMemoryEnd end(parser);
  const auto root = Parse(body, parser);
  const auto answer = As<dom::object>(root);
  Completion completion;
  if (answer) completion = ReadCompletion(ReadAnswerMembers(*answer));
  completion.is_json = root.has_value();
  return completion;
}

std::optional<std::string> OpenAiErrorMessage(const BodyBuffer& body, dom::parser& parser) {
  if (body.size() > kMostErrorBytes) return std::nullopt;
  const auto root = Parse(body, parser);
  if (!root) return std::nullopt;
  dom::object object, error;
  std::string_view message;
  if (root->get(object) != simdjson::SUCCESS || object["error"].get(error) != simdjson::SUCCESS ||
      error["message"].get(message) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  return std::string(message);
}

}  // namespace arbstr::proxy
