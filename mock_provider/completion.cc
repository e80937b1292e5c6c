#include "mock_provider/completion.h"

#include <fmt/format.h>

#include "mock_provider/json_text.h"
#include "mock_provider/words.h"

namespace mock_provider {
namespace {

std::string UsageJson(const Usage& usage, std::int64_t prompt_words, std::int64_t answer_words) {
  const std::int64_t prompt = usage.prompt_tokens.value_or(prompt_words);
  const std::int64_t completion = usage.completion_tokens.value_or(answer_words);
  std::string json = fmt::format(R"({{"prompt_tokens":{},"completion_tokens":{},"total_tokens":{})", prompt,
                                 completion, usage.total_tokens.value_or(prompt + completion));
  for (const auto& [name, value] : usage.more) json += "," + QuoteJson(name) + ":" + value;
  return json + "}";
}

std::int64_t AnswerWords(const Completion& completion) {
  std::int64_t words = CountWords(completion.text);
  for (const ToolCall& call : completion.tool_calls) words += 1 + CountWords(call.arguments);
  return words;
}

std::string ToolCallsJson(const std::vector<ToolCall>& calls) {
  std::string json = "[";
  for (const ToolCall& call : calls) {
    if (json.size() > 1) json += ",";
    json += fmt::format(R"({{"id":{},"type":"function","function":{{"name":{},"arguments":{}}}}})",
                        QuoteJson(call.id), QuoteJson(call.name), QuoteJson(call.arguments));
  }
  return json + "]";
}

}  // namespace

Completion MakeCompletion(const Reply& reply, const ChatRequest& chat, const CompletionDefaults& defaults) {
  Completion completion;
  completion.id = reply.id.value_or(defaults.id);
  completion.model = reply.model.value_or(chat.model);
  completion.created = defaults.created;
  completion.tool_calls = reply.tool_calls;
  for (std::size_t i = 0; i < completion.tool_calls.size(); ++i) {
    std::string& id = completion.tool_calls[i].id;
    if (id.empty()) id = fmt::format("call_mock_{}", i);
  }
  const bool calls = !completion.tool_calls.empty();
  completion.text = reply.text.value_or(calls ? "" : defaults.text);
  completion.finish_reason = reply.finish_reason.value_or(calls ? "tool_calls" : "stop");
  completion.include_usage = chat.include_usage;
  if (!reply.omit_usage) {
    completion.usage = UsageJson(reply.usage, chat.prompt_words, AnswerWords(completion));
  }
  return completion;
}

std::string CompletionJson(const Completion& completion) {
  const bool calls = !completion.tool_calls.empty();
  const std::string content = calls && completion.text.empty() ? "null" : QuoteJson(completion.text);
  return fmt::format(
      R"({{"id":{},"object":"chat.completion","created":{},"model":{},"choices":[{{"index":0,"message":)"
      R"({{"role":"assistant","content":{},"refusal":null{}}},"logprobs":null,"finish_reason":{}}}]{}}})",
      QuoteJson(completion.id), completion.created, QuoteJson(completion.model), content,
      calls ? ",\"tool_calls\":" + ToolCallsJson(completion.tool_calls) : "",
      QuoteJson(completion.finish_reason), completion.usage.empty() ? "" : ",\"usage\":" + completion.usage);
}

}  // namespace mock_provider
