// A completion that a healthy provider would give, as a value and as the two forms it is sent in.
#ifndef ARBSTR_MOCK_PROVIDER_ANSWER_COMPLETION_H_
#define ARBSTR_MOCK_PROVIDER_ANSWER_COMPLETION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "mock_provider/rules/chat_request.h"
#include "mock_provider/scenario/action.h"

namespace mock_provider {

struct Completion {
  std::string id{};
  std::string model{};
  std::int64_t created = 0;  // Unix seconds
  std::string text{};
  std::vector<ToolCall> tool_calls{};  // not empty: there is no text
  std::string finish_reason{};
  std::string usage{};         // a JSON object; empty: the provider gives none
  bool include_usage = false;  // of a stream: the client asked for it
  std::int64_t choices = 1;    // all alike
};

// What a reply leaves open comes from these.
struct CompletionDefaults {
  std::string text{};
  std::string id{};
  std::int64_t created = 0;
};

Completion MakeCompletion(const Reply& reply, const ChatRequest& chat, const CompletionDefaults& defaults);

// The body of a plain answer.
std::string CompletionJson(const Completion& completion);

// The events of a streamed one, in order, each with its empty line: the role chunk, one word a frame (of a
// tool call: its name, then its arguments in pieces), the finish chunk, the usage chunk where the client
// asked for it, [DONE]. Every chunk has its piece of all choices, so that their number changes no frame's.
std::vector<std::string> CompletionFrames(const Completion& completion);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_ANSWER_COMPLETION_H_
