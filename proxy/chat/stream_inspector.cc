#include "proxy/chat/stream_inspector.h"

#include "proxy/chat/completion.h"
#include "proxy/chat/sse_block.h"

namespace arbstr::proxy {
namespace {

namespace dom = simdjson::dom;

std::string ErrorText(const dom::element& error) {
  std::string_view text;
  if (error.get(text) == simdjson::SUCCESS || error["message"].get(text) == simdjson::SUCCESS) {
    return std::string(text);
  }
  return "the provider sent an error event";
}

bool IsEmpty(const dom::element& value) {
  switch (value.type()) {
    case dom::element_type::STRING:
      return std::string_view(value).empty();
    case dom::element_type::ARRAY:
      return dom::array(value).begin() == dom::array(value).end();
    case dom::element_type::OBJECT:
      return dom::object(value).begin() == dom::object(value).end();
    default:
      return true;
  }
}

// The role alone, an empty text and null are nothing yet. Providers differ in where reasoning goes.
bool CarriesSomething(const dom::element& choice) {
  dom::object delta;
  if (choice["delta"].get(delta) != simdjson::SUCCESS) return false;
  for (const char* key :
       {"content", "refusal", "reasoning", "reasoning_content", "audio", "tool_calls", "function_call"}) {
    dom::element value;
    if (delta[key].get(value) == simdjson::SUCCESS && !IsEmpty(value)) return true;
  }
  return false;
}

// Some servers send an empty one with every chunk.
bool HasFinished(const dom::element& choice) {
  std::string_view reason;
  return choice["finish_reason"].get(reason) == simdjson::SUCCESS && !reason.empty();
}

}  // namespace

bool IsDoneWithoutItsEmptyLine(std::string_view block_so_far) {
  return block_so_far == "data: [DONE]\n" || block_so_far == "data: [DONE]\r\n";
}

StreamInspector::Action StreamInspector::Inspect(std::string_view block) {
  const SseEvent event = ParseSseBlock(block);
  last_ = Last::kNothing;
  if (!event.has_data) return Action::kForward;
  any_event_ = true;
  if (event.data == "[DONE]") return Action::kDone;
  dom::element chunk;
  const bool is_chunk = parser_.parse(event.data).get(chunk) == simdjson::SUCCESS && chunk.is_object();
  // Without data an event says nothing, rightly or wrongly.
  if (is_chunk || !event.data.empty()) last_ = is_chunk ? Last::kChunk : Last::kMalformed;
  const Action action = is_chunk ? InspectChunk(chunk) : Action::kForward;
  if (event.name != "error" || action == Action::kError) return action;
  error_message_ = event.data;
  return Action::kError;
}

StreamInspector::Action StreamInspector::InspectChunk(const dom::element& chunk) {
  dom::array choices;
  const bool has_choices = chunk["choices"].get(choices) == simdjson::SUCCESS;
  dom::element error;
  if (chunk["error"].get(error) == simdjson::SUCCESS && !error.is_null() && !error.is_bool()) {
    error_message_ = ErrorText(error);
    return Action::kError;
  }
  const Completion completion = ReadCompletion(chunk);
  if (completion.usage) usage_ = completion.usage;
  if (completion.total_cost) total_cost_ = completion.total_cost;
  if (has_choices) ReadChoices(choices);
  dom::object usage;
  const bool usage_only =
      has_choices && choices.begin() == choices.end() && chunk["usage"].get(usage) == simdjson::SUCCESS;
  return usage_only && !forward_usage_ ? Action::kWithhold : Action::kForward;
}

void StreamInspector::ReadChoices(const dom::array& choices) {
  for (const dom::element choice : choices) {
    uint64_t index = 0;
    if (choice["index"].get(index) != simdjson::SUCCESS || index >= kMaxChoices) index = 0;
    begun_.set(index);
    if (HasFinished(choice)) finished_.set(index);
    any_token_ = any_token_ || CarriesSomething(choice);
  }
}

}  // namespace arbstr::proxy
