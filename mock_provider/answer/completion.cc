#include "mock_provider/answer/completion.h"

#include <fmt/format.h>

#include <string_view>

#include "mock_provider/answer/choices.h"
#include "mock_provider/http/json_text.h"
#include "mock_provider/rules/words.h"

namespace mock_provider {
namespace {

constexpr std::size_t kUsualCompletionBytes = 512;  // without the text

std::string UsageJson(const Usage& usage, std::int64_t prompt_words, std::int64_t answer_words) {
  const std::int64_t prompt = usage.prompt_tokens.value_or(prompt_words);
  const std::int64_t completion = usage.completion_tokens.value_or(answer_words);
  std::string json = R"({"prompt_tokens":)" + std::to_string(prompt);
  json.append(R"(,"completion_tokens":)").append(std::to_string(completion));
  json.append(R"(,"total_tokens":)").append(std::to_string(usage.total_tokens.value_or(prompt + completion)));
  for (const auto& [name, value] : usage.more) json += "," + QuoteJson(name) + ":" + value;
  json += '}';
  return json;
}

std::int64_t AnswerWords(const Completion& completion) {
  std::int64_t words = CountWords(completion.text);
  for (const ToolCall& call : completion.tool_calls) words += 1 + CountWords(call.arguments);
  return words * completion.choices;
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

// All of it but its index.
void AppendChoice(const Completion& completion, std::string& json) {
  const bool calls = !completion.tool_calls.empty();
  json += R"(,"message":{"role":"assistant","content":)";
  if (calls && completion.text.empty()) {
    json += "null";
  } else {
    AppendQuoted(json, completion.text);
  }
  json += R"(,"refusal":null)";
  if (calls) json.append(R"(,"tool_calls":)").append(ToolCallsJson(completion.tool_calls));
  json += R"(},"logprobs":null,"finish_reason":)";
  AppendQuoted(json, completion.finish_reason);
  json += '}';
}

// What makes the id unlike those of other answers.
std::string_view WithoutPrefix(std::string_view id) {
  constexpr std::string_view kPrefix = "chatcmpl-";
  return id.starts_with(kPrefix) ? id.substr(kPrefix.size()) : id;
}

}  // namespace

Completion MakeCompletion(const Reply& reply, const ChatRequest& chat, const CompletionDefaults& defaults) {
  Completion completion;
  completion.id = reply.id.value_or(defaults.id);
  completion.model = reply.model.value_or(chat.model);
  completion.created = defaults.created;
  completion.tool_calls = reply.tool_calls;
  const std::string_view own_id = WithoutPrefix(defaults.id);
  for (std::size_t i = 0; i < completion.tool_calls.size(); ++i) {
    std::string& id = completion.tool_calls[i].id;
    if (id.empty()) id = fmt::format("call_{}_{}", own_id, i);
  }
  const bool calls = !completion.tool_calls.empty();
  completion.text = reply.text.value_or(calls ? "" : defaults.text);
  completion.finish_reason = reply.finish_reason.value_or(calls ? "tool_calls" : "stop");
  completion.include_usage = chat.include_usage;
  completion.choices = chat.choices;
  if (!reply.omit_usage) {
    completion.usage = UsageJson(reply.usage, chat.prompt_words, AnswerWords(completion));
  }
  return completion;
}

// Appended rather than formatted: every healthy reply is made here.
std::string CompletionJson(const Completion& completion) {
  std::string json;
  json.reserve(completion.text.size() + kUsualCompletionBytes);
  json += R"({"id":)";
  AppendQuoted(json, completion.id);
  json.append(R"(,"object":"chat.completion","created":)").append(std::to_string(completion.created));
  json += R"(,"model":)";
  AppendQuoted(json, completion.model);
  json += R"(,"choices":[)";
  AppendChoices(completion.choices, json, [&](std::string& to) { AppendChoice(completion, to); });
  json += ']';
  if (!completion.usage.empty()) json.append(R"(,"usage":)").append(completion.usage);
  json += '}';
  return json;
}

}  // namespace mock_provider
