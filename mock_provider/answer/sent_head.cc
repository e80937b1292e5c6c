#include "mock_provider/answer/sent_head.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <ctime>
#include <string>
#include <string_view>

#include "mock_provider/http/header_name.h"
#include "mock_provider/scenario/whole_number.h"

namespace mock_provider {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

struct FirstWrite {
  std::string_view bytes{};
  double after_ms = 0;  // the pauses before it
};

// A head leaves in one write. What stands behind a silence without an end never leaves.
FirstWrite FirstWriteOf(const WirePlan& plan) {
  FirstWrite first;
  for (const WireOp& op : plan.ops()) {
    if (op.kind == WireOp::Kind::kWrite) first.bytes = op.bytes;
    if (op.kind == WireOp::Kind::kWrite || op.ms == kForever) break;
    first.after_ms += op.ms;
  }
  return first;
}

int StatusOf(std::string_view line) {
  constexpr std::string_view kVersion = "HTTP/1.1 ";
  if (!line.starts_with(kVersion)) return 0;
  line.remove_prefix(kVersion.size());
  return static_cast<int>(WholeNumber<std::int64_t>(line.substr(0, line.find(' '))).value_or(0));
}

// Seconds or milliseconds, which some providers give with a fraction.
std::optional<std::int64_t> Length(std::string_view text, double ms_each) {
  constexpr double kMost = 9e18;
  double number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (!std::isfinite(number) || number < 0) return std::nullopt;
  return static_cast<std::int64_t>(std::min(std::ceil(number * ms_each), kMost));
}

// Of a date as HTTP writes it, in Unix milliseconds.
std::optional<double> DateMs(std::string_view text) {
  std::tm date{};
  const std::string terminated(text);
  const char* const end = ::strptime(terminated.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &date);
  if (!end || *end != '\0') return std::nullopt;
  return static_cast<double>(::timegm(&date)) * 1000;
}

void ReadHeaders(std::string_view headers, double unix_ms, SentHead& head) {
  constexpr double kDateIsWithinMs = 1000;  // it has whole seconds, of a moment that may be almost over
  std::optional<std::int64_t> in_ms, in_seconds;
  std::optional<double> until;
  while (!headers.empty()) {
    const std::string_view line = headers.substr(0, headers.find(kLineEnd));
    headers.remove_prefix(std::min(line.size() + kLineEnd.size(), headers.size()));
    const std::size_t colon = line.find(": ");
    if (colon == line.npos) continue;
    const std::string_view name = line.substr(0, colon), value = line.substr(colon + 2);
    if (IsSameName(name, "retry-after-ms") && !in_ms) in_ms = Length(value, 1);
    if (IsSameName(name, "retry-after")) {
      in_seconds = Length(value, 1000);
      until = DateMs(value);
    }
    if (IsSameName(name, "date")) {
      if (const auto date = DateMs(value)) unix_ms = *date + kDateIsWithinMs;
    }
    if (IsSameName(name, "x-should-retry") && (value == "true" || value == "false"))
      head.should_retry = value == "true";
  }
  if (until) in_seconds = static_cast<std::int64_t>(std::max(0.0, std::ceil(*until - unix_ms)));
  head.retry_after_ms = in_ms ? in_ms : in_seconds;
}

}  // namespace

SentHead ReadSentHead(const WirePlan& plan, double unix_ms) {
  const auto [bytes, after_ms] = FirstWriteOf(plan);
  const std::size_t line_end = bytes.find(kLineEnd);
  if (line_end == bytes.npos) return {};
  SentHead head{.status = StatusOf(bytes.substr(0, line_end)), .retry_after_ms = {}, .should_retry = {}};
  const std::size_t head_end = bytes.find("\r\n\r\n");
  if (head.status != 0 && head_end != bytes.npos)
    ReadHeaders(bytes.substr(line_end, head_end - line_end), unix_ms + after_ms, head);
  return head;
}

}  // namespace mock_provider
