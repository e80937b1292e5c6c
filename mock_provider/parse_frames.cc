#include "mock_provider/parse_frames.h"

#include <fmt/format.h>

#include <initializer_list>

#include "mock_provider/parse_delay.h"
#include "mock_provider/parse_error.h"

namespace mock_provider {
namespace {

using nlohmann::json;

constexpr int kMaxFrame = 1'000'000;

void RejectTwoInOnePlace(ObjectReader& reader) {
  std::string first;
  for (const char* field : {"split_utf8", "malformed", "cut_mid_event", "error_event", "duplicate"}) {
    if (!reader.Has(field)) continue;
    if (!first.empty()) {
      reader.Mistake(field, fmt::format("contradictory beside {}: give each an entry of its own", first));
    }
    first = field;
  }
}

std::optional<std::string> OneLine(ObjectReader& reader, const std::string& field) {
  auto text = reader.String(field);
  if (text && text->find_first_of("\r\n") != text->npos) reader.Mistake(field, "must be one line");
  return text;
}

// true, or the data that the event is to have.
std::optional<std::string> ParseMalformed(ObjectReader& reader) {
  const json* value = reader.Find("malformed");
  if (!value) return std::nullopt;
  if (value->is_string()) return OneLine(reader, "malformed");
  if (value->is_boolean()) return value->get<bool>() ? std::optional<std::string>("") : std::nullopt;
  reader.Mistake("malformed", "must be true, or the text of the event's data");
  return std::nullopt;
}

FrameEvent ParseEvent(const json& value, const std::string& path, Mistakes& mistakes) {
  ObjectReader reader(value, path, mistakes);
  FrameEvent event;
  event.frame = static_cast<int>(reader.Integer("frame", 0, kMaxFrame).value_or(0));
  if (!reader.Has("frame")) reader.Mistake("frame", "is needed: which frame, from 0");
  event.stall_ms = reader.Number("stall_ms", 0);
  event.comment = OneLine(reader, "comment");
  event.split_utf8 = reader.Bool("split_utf8").value_or(false);
  event.malformed = ParseMalformed(reader);
  event.cut_mid_event = reader.Bool("cut_mid_event").value_or(false);
  event.error_event = ParseError(reader, "error_event");
  event.duplicate = reader.Bool("duplicate").value_or(false);
  if (const auto end = reader.OneOf("end", {"fin", "reset"})) {
    event.end = *end == 0 ? FrameEvent::End::kFin : FrameEvent::End::kReset;
  }
  RejectTwoInOnePlace(reader);
  if (value.is_object() && value.size() == 1 && reader.Has("frame"))
    reader.Mistake("", "says nothing to happen there");
  reader.Finish();
  return event;
}

}  // namespace

Frames ParseFrames(const json& value, const std::string& path, Mistakes& mistakes) {
  ObjectReader reader(value, path, mistakes);
  Frames frames;
  frames.delay_ms = ParseDelay(reader, "delay_ms", mistakes);
  frames.omit_done = reader.Bool("omit_done").value_or(false);
  reader.Each("at", [&](const json& element, const std::string& element_path) {
    frames.at.push_back(ParseEvent(element, element_path, mistakes));
  });
  reader.Finish();
  return frames;
}

}  // namespace mock_provider
