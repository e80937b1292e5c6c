#include "mock_provider/outcome_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "mock_provider/scenario/error_kind.h"
#include "mock_provider/scenario/fault_kind.h"

namespace mock_provider {
namespace {

std::string Place(const Hang& hang) {
  switch (hang.at) {
    case Hang::At::kBeforeHeaders:
      return "before_headers";
    case Hang::At::kAfterHeaders:
      return "after_headers";
    case Hang::At::kMidBody:
      return "mid_body";
    case Hang::At::kFrame:
      return fmt::format("at frame {}", hang.frame);
  }
  return "";
}

std::string HangText(const Hang& hang) {
  if (!hang.for_ms) return fmt::format("hang {} for ever", Place(hang));
  const char* end = hang.end == Hang::End::kFin ? "fin" : hang.end == Hang::End::kReset ? "reset" : "reply";
  return fmt::format("hang {} for {} ms, then {}", Place(hang), *hang.for_ms, end);
}

std::string EventText(const FrameEvent& event) {
  std::vector<std::string> parts;
  if (event.stall_ms) parts.push_back(fmt::format("stall {:.0f} ms", *event.stall_ms));
  if (event.comment) parts.emplace_back("comment");
  if (event.split_utf8) parts.emplace_back("split_utf8");
  if (event.malformed || event.cut_json) parts.emplace_back("malformed");
  if (event.cut_mid_event) parts.emplace_back("cut_mid_event");
  if (event.error_event) parts.emplace_back("error_event");
  if (event.duplicate) parts.emplace_back("duplicate");
  if (event.end == FrameEvent::End::kFin) parts.emplace_back("fin");
  if (event.end == FrameEvent::End::kReset) parts.emplace_back("reset");
  if (event.end == FrameEvent::End::kClean) parts.emplace_back("clean end");
  return fmt::format("{} at frame {}", fmt::join(parts, " and "), event.frame);
}

void AddFrames(const Frames& frames, std::vector<std::string>& parts) {
  if (frames.delay_ms) parts.emplace_back("slow frames");
  if (frames.omit_done) parts.emplace_back("no [DONE]");
  for (const FrameEvent& event : frames.at) parts.push_back(EventText(event));
}

}  // namespace

std::string OutcomeText(const JournalEntry& entry) {
  std::vector<std::string> parts;
  const Action action = entry.action ? *entry.action : Action();
  if (entry.status != 0) {
    std::string status = std::to_string(entry.status);
    if (action.error && action.error->kind != ErrorKind::kStatus)
      status += " " + ErrorName(action.error->kind);
    if (entry.stream && entry.status == 200 && !action.fault) status += " stream";
    parts.push_back(std::move(status));
  }
  if (entry.retry_after_ms) parts.push_back(fmt::format("retry after {} ms", *entry.retry_after_ms));
  if (action.fault) parts.push_back("fault " + FaultName(*action.fault));
  if (action.delay_ms) parts.push_back(fmt::format("after {:.0f} ms", action.delay_ms->value));
  if (action.hang) parts.push_back(HangText(*action.hang));
  if (action.drip_bytes_per_s) parts.push_back(fmt::format("{} bytes/s", *action.drip_bytes_per_s));
  if (action.frames && entry.stream) AddFrames(*action.frames, parts);
  return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace mock_provider
