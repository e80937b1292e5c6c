#include "mock_provider/rules/model_name_action.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <utility>

#include "mock_provider/scenario/error_kind.h"
#include "mock_provider/scenario/fault_kind.h"
#include "mock_provider/scenario/frame_number.h"
#include "mock_provider/scenario/whole_number.h"

namespace mock_provider {
namespace {

NamedAction Mistake(std::string_view prefix, std::string_view wanted) {
  return {.action = {}, .mistake = fmt::format("a model named {}: needs {} after the colon", prefix, wanted)};
}

NamedAction ErrorAction(std::string_view what) {
  ErrorAnswer error;
  if (const auto kind = ErrorByName(what)) {
    error.kind = *kind;
  } else if (const auto status = WholeNumber<int>(what); status && *status >= 400 && *status <= 599) {
    error.status = *status;
  } else {
    return Mistake("error",
                   fmt::format("a status from 400 to 599, or one of {}", fmt::join(ErrorNames(), ", ")));
  }
  return {.action = {.error = error}, .mistake = ""};
}

NamedAction FaultAction(std::string_view what) {
  const auto fault = FaultByName(what);
  if (!fault) return Mistake("fault", fmt::format("one of {}", fmt::join(FaultNames(), ", ")));
  return {.action = {.fault = fault}, .mistake = ""};
}

NamedAction HangAction(std::string_view what) {
  if (const auto frame = FrameNumber(what))
    return {.action = {.hang = Hang{.at = Hang::At::kFrame, .frame = *frame}}, .mistake = ""};
  if (what.starts_with("frame"))
    return Mistake("hang", fmt::format("a frame's number, {} at most, as in hang:frame 3", kMaxFrame));
  static const std::map<std::string_view, Hang::At> kPlaces = {{"", Hang::At::kBeforeHeaders},
                                                               {"before_headers", Hang::At::kBeforeHeaders},
                                                               {"after_headers", Hang::At::kAfterHeaders},
                                                               {"mid_body", Hang::At::kMidBody}};
  const auto place = kPlaces.find(what);
  if (place == kPlaces.end()) return Mistake("hang", "before_headers, after_headers, mid_body or frame N");
  return {.action = {.hang = Hang{.at = place->second}}, .mistake = ""};
}

std::map<std::string_view, Frames> StreamFaults() {
  std::map<std::string_view, Frames> faults;
  faults["cut"].at = {{.frame = 2, .cut_mid_event = true}};
  faults["stall"].at = {{.frame = 2, .stall_ms = 3'600'000}};
  faults["error"].at = {{.frame = 2, .error_event = ErrorAnswer{.kind = ErrorKind::kOverloaded}},
                        {.frame = 3, .end = FrameEvent::End::kFin}};
  faults["malformed"].at = {{.frame = 2, .cut_json = true}};
  faults["split"].at = {{.frame = 1, .split_utf8 = true}};
  faults["duplicate"].at = {{.frame = 2, .duplicate = true}};
  faults["no_done"].omit_done = true;
  faults["fin"].at = {{.frame = 2, .end = FrameEvent::End::kFin}};
  faults["reset"].at = {{.frame = 2, .end = FrameEvent::End::kReset}};
  faults["clean"].at = {{.frame = 2, .end = FrameEvent::End::kClean}};
  faults["slow"].delay_ms = Delay::Fixed(500);
  faults["comment"].at = {{.frame = 2, .comment = "ping"}};
  // The same by the names that a scenario has for them.
  for (const auto& [field, name] : std::map<std::string_view, std::string_view>{{"cut_mid_event", "cut"},
                                                                                {"stall_ms", "stall"},
                                                                                {"error_event", "error"},
                                                                                {"split_utf8", "split"},
                                                                                {"omit_done", "no_done"},
                                                                                {"end", "fin"},
                                                                                {"delay_ms", "slow"}}) {
    faults[field] = faults.at(name);
  }
  return faults;
}

NamedAction StreamAction(std::string_view name, std::string_view what) {
  const auto faults = StreamFaults();
  const auto found = faults.find(what);
  if (found == faults.end()) {
    return Mistake(
        name, "cut, stall, error, malformed, split, duplicate, comment, no_done, fin, reset, clean or slow");
  }
  return {.action = {.frames = found->second}, .mistake = ""};
}

NamedAction DelayAction(std::string_view name, std::string_view what) {
  const auto ms = WholeNumber<int>(what);
  if (!ms) return Mistake(name, "a number of milliseconds");
  return {.action = {.delay_ms = Delay::Fixed(*ms)}, .mistake = ""};
}

NamedAction DripAction(std::string_view what) {
  const auto bytes_per_s = WholeNumber<int>(what);
  if (!bytes_per_s || *bytes_per_s == 0) return Mistake("drip", "a number of bytes a second");
  return {.action = {.drip_bytes_per_s = *bytes_per_s}, .mistake = ""};
}

}  // namespace

std::optional<NamedAction> ActionByModelName(std::string_view model) {
  const std::size_t colon = model.find(':');
  const std::string_view name = model.substr(0, colon);
  const bool bare = colon == model.npos;
  const std::string_view what = bare ? std::string_view() : model.substr(colon + 1);
  if (name == "hang") return HangAction(what);
  if (bare) return std::nullopt;
  if (name == "reply") return {{.action = {.reply = Reply{.text = std::string(what)}}, .mistake = ""}};
  if (name == "error") return ErrorAction(what);
  if (name == "fault") return FaultAction(what);
  if (name == "slow" || name == "delay_ms") return DelayAction(name, what);
  if (name == "drip") return DripAction(what);
  if (name == "stream" || name == "frames") return StreamAction(name, what);
  return std::nullopt;
}

std::vector<std::string> ExampleModelNames() {
  return {"mock-model", "error:503", "fault:reset", "hang", "slow:2000", "drip:20", "stream:cut"};
}

}  // namespace mock_provider
