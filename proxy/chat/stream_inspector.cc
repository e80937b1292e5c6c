#include "proxy/chat/stream_inspector.h"

#include <algorithm>

#include "proxy/chat/completion.h"
#include "proxy/chat/json_members.h"
#include "proxy/chat/parse_json.h"

namespace arbstr::proxy {
namespace {

namespace dom = simdjson::dom;

// `error`: an element or an object.
template <typename Json>
std::string MessageOf(const Json& error) {
  std::string_view text;
  if (error["message"].get(text) == simdjson::SUCCESS) return std::string(text);
  return "the provider sent an error event";
}

std::string ErrorText(const dom::element& error) {
  std::string_view text;
  if (error.get(text) == simdjson::SUCCESS) return std::string(text);
  return MessageOf(error);
}

// {"type":"error","message":"…"}: an error that has no member of its own.
bool IsFlatError(const dom::object& chunk) {
  const auto [type, object] = FindMembers(chunk, "type", "object");
  return As<std::string_view>(type) == "error" || As<std::string_view>(object) == "error";
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

// Some servers send an `error` with every chunk, and nothing in it.
bool SaysError(const dom::element& error, const std::optional<dom::array>& choices) {
  if (error.is_null() || error.is_bool()) return false;
  const bool answers = choices && choices->begin() != choices->end();
  return !answers || (error.is_number() ? As<double>(error) != 0.0 : !IsEmpty(error));
}

// The role alone, an empty text and null are nothing yet. Providers differ in where reasoning goes.
bool CarriesSomething(const std::optional<dom::element>& delta) {
  const auto object = As<dom::object>(delta);
  if (!object) return false;
  const auto members = FindMembers(*object, "content", "refusal", "reasoning", "reasoning_content", "audio",
                                   "tool_calls", "function_call");
  return std::ranges::any_of(members, [](const auto& member) { return member && !IsEmpty(*member); });
}

// Some servers send an empty one with every chunk.
bool HasFinished(const std::optional<dom::element>& finish_reason) {
  const auto reason = As<std::string_view>(finish_reason);
  return reason && !reason->empty();
}

}  // namespace

bool IsDoneWithoutItsEmptyLine(std::string_view block_so_far) {
  return block_so_far == "data: [DONE]\n" || block_so_far == "data: [DONE]\r\n";
}

StreamShape ShapeOf(uint64_t choices, const ResponseParser& response) {
  return {choices, !response.chunked() && !response.content_length()};
}

StreamInspector::Action StreamInspector::Inspect(std::string_view block) {
  ParseSseBlock(block, event_);
  last_ = Last::kNothing;
  if (!event_.has_data) return Action::kForward;
  any_event_ = true;
  if (event_.data == "[DONE]") return Action::kDone;
  const auto chunk = ParseChunk();
  // Without data an event says nothing, rightly or wrongly.
  if (chunk || !event_.data.empty()) last_ = chunk ? Last::kChunk : Last::kMalformed;
  if (chunk) ++chunks_;
  const Action action = chunk ? InspectChunk(*chunk) : Action::kForward;
  if (event_.name != "error" || action == Action::kError) return action;
  error_message_ = event_.data;
  return Action::kError;
}

std::optional<dom::object> StreamInspector::ParseChunk() {
  // With what simdjson may read behind the end, it parses in place and copies nothing.
  event_.data.reserve(event_.data.size() + simdjson::SIMDJSON_PADDING);
  dom::object chunk;
  if (ParseJson(event_.data, parser_).get(chunk) != simdjson::SUCCESS) return std::nullopt;
  return chunk;
}

StreamInspector::Action StreamInspector::InspectChunk(const dom::object& chunk) {
  const AnswerMembers members = ReadAnswerMembers(chunk);
  const auto choices = As<dom::array>(members.choices);
  if (members.error && SaysError(*members.error, choices)) {
    error_message_ = ErrorText(*members.error);
    return Action::kError;
  }
  if (!members.choices && IsFlatError(chunk)) {
    error_message_ = MessageOf(chunk);
    return Action::kError;
  }
  const Completion completion = ReadCompletion(members);
  if (completion.usage) usage_ = completion.usage;
  if (completion.total_cost) total_cost_ = completion.total_cost;
  if (choices) ReadChoices(*choices);
  const bool usage_only = choices && choices->begin() == choices->end() && As<dom::object>(members.usage);
  return usage_only && !forward_usage_ ? Action::kWithhold : Action::kForward;
}

void StreamInspector::ReadChoices(const dom::array& choices) {
  for (const dom::element each : choices) {
    std::optional<dom::element> index, delta, finish_reason;
    dom::object choice;
    if (each.get(choice) == simdjson::SUCCESS) {
      const auto found = FindMembers(choice, "index", "delta", "finish_reason");
      index = found[0];
      delta = found[1];
      finish_reason = found[2];
    }
    const uint64_t given = As<uint64_t>(index).value_or(0);
    const size_t place = given < kMaxChoices ? given : 0;
    const bool token = CarriesSomething(delta);
    goes_on_ = goes_on_ || (token && finished_[place]);
    any_token_ = any_token_ || token;
    begun_.set(place);
    if (HasFinished(finish_reason)) finished_.set(place);
  }
}

}  // namespace arbstr::proxy
