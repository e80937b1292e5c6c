#include "mock_provider/answer/sent_head.h"

#include <strings.h>

#include <algorithm>
#include <string_view>

#include "mock_provider/scenario/whole_number.h"

namespace mock_provider {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

// A head leaves in one write. What stands behind a silence without an end never leaves.
std::string_view FirstWrite(const WirePlan& plan) {
  for (const WireOp& op : plan.ops()) {
    if (op.kind == WireOp::Kind::kWrite) return op.bytes;
    if (op.kind == WireOp::Kind::kPause && op.ms == kForever) break;
  }
  return {};
}

bool IsNamed(std::string_view header, std::string_view name) {
  return header.size() == name.size() && ::strncasecmp(header.data(), name.data(), name.size()) == 0;
}

int StatusOf(std::string_view line) {
  constexpr std::string_view kVersion = "HTTP/1.1 ";
  if (!line.starts_with(kVersion)) return 0;
  line.remove_prefix(kVersion.size());
  return static_cast<int>(WholeNumber<std::int64_t>(line.substr(0, line.find(' '))).value_or(0));
}

std::optional<std::int64_t> WaitAskedFor(std::string_view headers) {
  std::optional<std::int64_t> from_seconds;
  while (!headers.empty()) {
    const std::string_view line = headers.substr(0, headers.find(kLineEnd));
    headers.remove_prefix(std::min(line.size() + kLineEnd.size(), headers.size()));
    const std::size_t colon = line.find(": ");
    if (colon == line.npos) continue;
    const std::string_view name = line.substr(0, colon);
    const bool in_ms = IsNamed(name, "retry-after-ms");
    if (!in_ms && !IsNamed(name, "retry-after")) continue;
    const std::optional<std::int64_t> wait = WholeNumber<std::int64_t>(line.substr(colon + 2));
    if (!wait) continue;
    if (in_ms) return wait;
    constexpr std::int64_t kMostSeconds = INT64_MAX / 1000;
    from_seconds = std::min(*wait, kMostSeconds) * 1000;
  }
  return from_seconds;
}

}  // namespace

SentHead ReadSentHead(const WirePlan& plan) {
  const std::string_view bytes = FirstWrite(plan);
  const std::size_t line_end = bytes.find(kLineEnd);
  if (line_end == bytes.npos) return {};
  SentHead head{.status = StatusOf(bytes.substr(0, line_end)), .retry_after_ms = {}};
  const std::size_t head_end = bytes.find("\r\n\r\n");
  if (head.status != 0 && head_end != bytes.npos)
    head.retry_after_ms = WaitAskedFor(bytes.substr(line_end, head_end - line_end));
  return head;
}

}  // namespace mock_provider
