#include "mock_provider/request_line.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <vector>

#include "mock_provider/outcome_text.h"
#include "mock_provider/verdict/verdict.h"

namespace mock_provider {
namespace {

constexpr std::size_t kMostFindings = 20;
constexpr std::size_t kLongestName = 60;

// A client chose it: no control characters, not too long.
std::string Printable(std::string text) {
  if (text.size() > kLongestName) text = text.substr(0, kLongestName) + "...";
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return std::iscntrl(c) != 0; }, '?');
  return text;
}

std::string Beginning(double ms, const JournalEntry& entry) {
  return fmt::format("{:>9.3f}s {:>5} {:<10}", ms / 1000, fmt::format("#{}", entry.seq),
                     Printable(entry.provider));
}

std::string StatusCounts(const std::map<int, std::size_t>& statuses) {
  std::vector<std::string> parts;
  for (const auto& [status, count] : statuses) {
    parts.push_back(status == 0 ? fmt::format("{} x no readable answer", count)
                                : fmt::format("{} x {}", count, status));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string Verdict(const std::vector<verdict::Finding>& findings) {
  if (findings.empty()) return "verdict: ok, the client behaved well\n";
  std::string text = fmt::format("verdict: {} finding{}\n", findings.size(), findings.size() == 1 ? "" : "s");
  for (std::size_t i = 0; i < std::min(findings.size(), kMostFindings); ++i) {
    text += fmt::format("  {} (#{}): {}\n", findings[i].kind, fmt::join(findings[i].requests, ", #"),
                        findings[i].detail);
  }
  if (findings.size() > kMostFindings)
    text += fmt::format("  and {} more: see /__admin/verdict\n", findings.size() - kMostFindings);
  return text;
}

}  // namespace

std::string RequestLine(const JournalEntry& entry) {
  const std::string rule =
      entry.hit.rule ? fmt::format("{}[{}]", *entry.hit.rule, entry.hit.step.value_or(0)) : "-";
  const std::string what = entry.model.empty() ? entry.method + " " + entry.target : entry.model;
  return fmt::format("{} {:<18} {}  {}", Beginning(entry.arrival_ms, entry), Printable(rule),
                     OutcomeText(entry), Printable(what));
}

std::string DepartureLine(const JournalEntry& entry) {
  const double end = entry.end_ms.value_or(entry.arrival_ms);
  return fmt::format("{} the client left after {:.0f} ms and {} bytes", Beginning(end, entry),
                     end - entry.arrival_ms, entry.bytes);
}

std::string Summary(const JournalView& entries, std::uint64_t total, double now_ms) {
  std::map<std::string, std::map<int, std::size_t>> providers;
  for (const JournalEntry& entry : entries) ++providers[entry.provider][entry.status];
  std::string text = fmt::format("{} request{} in {:.3f} s\n", total, total == 1 ? "" : "s", now_ms / 1000);
  if (total > entries.size()) text += fmt::format("  of which the last {} are known\n", entries.size());
  for (const auto& [name, statuses] : providers)
    text += fmt::format("  {:<10} {}\n", Printable(name), StatusCounts(statuses));
  if (total == 0) return text;
  return text + Verdict(verdict::Judge(entries, now_ms, verdict::Thresholds()));
}

}  // namespace mock_provider
