#include "mock_provider/rules/chat_request.h"

#include <simdjson.h>

#include <limits>
#include <string_view>

#include "mock_provider/http/percent_decoding.h"
#include "mock_provider/rules/words.h"

namespace mock_provider {
namespace {

using simdjson::dom::element;

void AddText(std::string_view text, std::string& prompt) {
  if (!prompt.empty()) prompt += '\n';
  prompt += text;
}

std::string TypeOf(const element& value) {
  switch (value.type()) {
    case simdjson::dom::element_type::ARRAY:
      return "an array";
    case simdjson::dom::element_type::OBJECT:
      return "an object";
    case simdjson::dom::element_type::INT64:
    case simdjson::dom::element_type::UINT64:
      return "an integer";
    case simdjson::dom::element_type::DOUBLE:
      return "a decimal number";
    case simdjson::dom::element_type::STRING:
      return "a string";
    case simdjson::dom::element_type::BOOL:
      return "a boolean";
    case simdjson::dom::element_type::NULL_VALUE:
      return "null";
  }
  return "";
}

// `n`. More than fits is as good as the most that fits.
std::int64_t Choices(const element& n) {
  std::int64_t choices = 0;
  if (n.get(choices) == simdjson::SUCCESS) return choices;
  double number = 0;
  constexpr double kTooMany = 0x1p63;
  const bool too_many = n.get(number) == simdjson::SUCCESS && number >= kTooMany;
  return too_many ? std::numeric_limits<std::int64_t>::max() : 0;
}

// A message's content is a string, or an array of parts of which some carry text.
void AddMessageText(const element& message, std::string& prompt) {
  std::string_view text;
  simdjson::dom::array parts;
  if (message["content"].get(text) == simdjson::SUCCESS) {
    AddText(text, prompt);
  } else if (message["content"].get(parts) == simdjson::SUCCESS) {
    for (const element part : parts) {
      if (part["text"].get(text) == simdjson::SUCCESS) AddText(text, prompt);
    }
  }
}

// The NAME of /openai/deployments/NAME/chat/completions; empty for any other path.
std::string DeploymentOf(std::string_view path) {
  constexpr std::string_view kBegin = "/openai/deployments/", kEnd = "/chat/completions";
  const std::size_t begin = path.find(kBegin);
  if (begin == path.npos || !path.ends_with(kEnd)) return "";
  path.remove_prefix(begin + kBegin.size());
  const std::string_view name = path.substr(0, path.find('/'));
  return path.size() == name.size() + kEnd.size() ? PercentDecoded(name) : "";
}

}  // namespace

ChatRequest ReadChatRequest(const std::string& body) {
  ChatRequest request;
  simdjson::dom::parser parser;
  element root;
  simdjson::dom::object object;
  if (parser.parse(body).get(root) != simdjson::SUCCESS || root.get(object) != simdjson::SUCCESS) {
    return request;
  }
  request.is_json = true;
  std::string_view model;
  if (object["model"].get(model) == simdjson::SUCCESS) request.model = model;
  element stream, messages;
  if (object["stream"].get(stream) == simdjson::SUCCESS && stream.get(request.stream) != simdjson::SUCCESS) {
    request.stream = false;
    if (!stream.is_null()) request.wrong_stream = TypeOf(stream);
  }
  if (object["stream_options"]["include_usage"].get(request.include_usage) != simdjson::SUCCESS) {
    request.include_usage = false;
  }
  for (const char* name : {"max_completion_tokens", "max_tokens"}) {
    std::int64_t tokens = 0;
    if (object[name].get(tokens) == simdjson::SUCCESS && tokens > 0 && request.max_tokens == 0)
      request.max_tokens = tokens;
  }
  element choices;
  if (object["n"].get(choices) == simdjson::SUCCESS && !choices.is_null()) request.choices = Choices(choices);
  if (object["messages"].get(messages) == simdjson::SUCCESS) {
    simdjson::dom::array list;
    request.has_messages = messages.get(list) == simdjson::SUCCESS;
    if (request.has_messages) {
      for (const element message : list) AddMessageText(message, request.prompt);
    } else {
      request.wrong_messages = TypeOf(messages);
    }
  }
  request.prompt_words = CountWords(request.prompt);
  return request;
}

ChatRequest ReadChatRequest(Dialect dialect, const HttpRequest& http) {
  ChatRequest request = ReadChatRequest(http.body);
  if (dialect == Dialect::kAzure && request.is_json && request.model.empty())
    request.model = DeploymentOf(http.Path());
  return request;
}

std::optional<std::string> BodyValueAt(const std::string& body, const std::string& pointer) {
  simdjson::dom::parser parser;
  element root, value;
  if (parser.parse(body).get(root) != simdjson::SUCCESS) return std::nullopt;
  if (root.at_pointer(pointer).get(value) != simdjson::SUCCESS) return std::nullopt;
  return simdjson::minify(value);
}

}  // namespace mock_provider
