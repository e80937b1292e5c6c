#include "mock_provider/scenario_file/parse_hang.h"

#include <iterator>

#include "mock_provider/scenario/frame_number.h"

namespace mock_provider {
namespace {

using json = nlohmann::ordered_json;

void ParseAt(ObjectReader& reader, Mistakes& mistakes, Hang& hang) {
  const json* at = reader.Find("at");
  if (!at) return;
  if (at->is_object()) {
    ObjectReader place(*at, reader.PathOf("at"), mistakes);
    hang.at = Hang::At::kFrame;
    hang.frame = static_cast<int>(place.Integer("frame", 0, kMaxFrame).value_or(0));
    if (!place.Has("frame")) place.Mistake("frame", "is needed");
    place.Finish();
    return;
  }
  if (const auto frame = at->is_string() ? FrameNumber(at->get<std::string>()) : std::nullopt) {
    hang.at = Hang::At::kFrame;
    hang.frame = *frame;
    return;
  }
  const auto place = reader.OneOf("at", {"before_headers", "after_headers", "mid_body", "frame N"});
  if (!place) return;
  constexpr Hang::At kPlaces[] = {Hang::At::kBeforeHeaders, Hang::At::kAfterHeaders, Hang::At::kMidBody};
  if (*place < std::size(kPlaces)) {
    hang.at = kPlaces[*place];
  } else {
    reader.Mistake("at", "needs the frame's number, as in \"frame 3\"");
  }
}

}  // namespace

Hang ParseHang(const json& value, const std::string& path, Mistakes& mistakes) {
  ObjectReader reader(value, path, mistakes);
  Hang hang;
  ParseAt(reader, mistakes, hang);
  hang.for_ms = reader.Number("for_ms", 0);
  if (const auto end = reader.OneOf("end", {"fin", "reset", "reply"})) {
    constexpr Hang::End kEnds[] = {Hang::End::kFin, Hang::End::kReset, Hang::End::kReply};
    hang.end = kEnds[*end];
    if (!reader.Has("for_ms"))
      reader.Mistake("end", "contradictory without for_ms: a hang without it never ends");
  }
  reader.Finish();
  return hang;
}

}  // namespace mock_provider
