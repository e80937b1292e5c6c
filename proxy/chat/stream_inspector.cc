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

}  // namespace

StreamInspector::Action StreamInspector::Inspect(std::string_view block) {
  const SseEvent event = ParseSseBlock(block);
  last_was_chunk_ = false;
  if (!event.has_data) return Action::kForward;
  any_event_ = true;
  if (event.data == "[DONE]") return Action::kDone;
  dom::element chunk;
  last_was_chunk_ = parser_.parse(event.data).get(chunk) == simdjson::SUCCESS && chunk.is_object();
  const Action action = last_was_chunk_ ? InspectChunk(chunk) : Action::kForward;
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
    if (choice["finish_reason"].is_string()) finished_.set(index);
  }
}

}  // namespace arbstr::proxy
