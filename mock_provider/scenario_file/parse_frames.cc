#include "mock_provider/scenario_file/parse_frames.h"

#include <fmt/format.h>

#include <initializer_list>

#include "mock_provider/scenario_file/parse_delay.h"
#include "mock_provider/scenario_file/parse_error.h"

namespace mock_provider {
namespace {

using json = nlohmann::ordered_json;

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
void ParseMalformed(ObjectReader& reader, FrameEvent& event) {
  const json* value = reader.Find("malformed");
  if (!value) return;
  if (value->is_string()) {
    event.malformed = OneLine(reader, "malformed");
  } else if (value->is_boolean()) {
    event.cut_json = value->get<bool>();
  } else {
    reader.Mistake("malformed", "must be true, or the text of the event's data");
  }
}

FrameEvent ParseEvent(const json& value, const std::string& path, Mistakes& mistakes) {
  ObjectReader reader(value, path, mistakes);
  FrameEvent event;
  event.frame = static_cast<int>(reader.Integer("frame", 0, kMaxFrame).value_or(0));
  if (!reader.Has("frame")) reader.Mistake("frame", "is needed: which frame, from 0");
  event.stall_ms = reader.Number("stall_ms", 0);
  event.comment = OneLine(reader, "comment");
  event.split_utf8 = reader.Bool("split_utf8").value_or(false);
  ParseMalformed(reader, event);
  event.cut_mid_event = reader.Bool("cut_mid_event").value_or(false);
  event.error_event = ParseError(reader, "error_event");
  event.duplicate = reader.Bool("duplicate").value_or(false);
  if (const auto end = reader.OneOf("end", {"fin", "reset", "clean"})) {
    constexpr FrameEvent::End kEnds[] = {FrameEvent::End::kFin, FrameEvent::End::kReset,
                                         FrameEvent::End::kClean};
    event.end = kEnds[*end];
  }
  RejectTwoInOnePlace(reader);
  if (value.is_object() && value.size() == 1 && reader.Has("frame"))
    reader.Mistake("", "says nothing to happen there");
  reader.Finish();
  return event;
}

bool EndsStream(const FrameEvent& event) { return event.cut_mid_event || event.end; }

// Entries run frame by frame, and in their order at one frame: what stands behind an end never does.
void RejectAfterTheEnd(const std::vector<FrameEvent>& at, const std::string& path, Mistakes& mistakes) {
  std::optional<std::size_t> end;
  for (std::size_t i = 0; i < at.size(); ++i) {
    if (EndsStream(at[i]) && (!end || at[i].frame < at[*end].frame)) end = i;
  }
  for (std::size_t i = 0; end && i < at.size(); ++i) {
    if (at[i].frame < at[*end].frame || (at[i].frame == at[*end].frame && i <= *end)) continue;
    mistakes.Add(fmt::format("{}.at[{}]", path, i),
                 fmt::format("contradictory: at[{}] ends the stream before it", *end));
  }
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
  RejectAfterTheEnd(frames.at, path, mistakes);
  reader.Finish();
  return frames;
}

}  // namespace mock_provider
