#include "proxy/metrics/exposition.h"

#include <fmt/format.h>

#include <cmath>

namespace arbstr::proxy {
namespace {

// A label's value, or a help text: that has no quotes to escape.
void AppendEscaped(std::string& out, std::string_view text, bool quotes) {
  for (const char c : text) {
    if (c == '\n') {
      out.append("\\n");
    } else if (c == '\\' || (c == '"' && quotes)) {
      out.append({'\\', c});
    } else {
      out.push_back(c);
    }
  }
}

void AppendLabel(std::string& out, std::string_view name, std::string_view value, bool& first) {
  out.append(first ? "{" : ",").append(name).append("=\"");
  first = false;
  AppendEscaped(out, value, true);
  out.push_back('"');
}

// The shortest text that reads back as the same number.
std::string Number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", value);
}

}  // namespace

void Exposition::Family(std::string_view name, std::string_view type, std::string_view help) {
  name_ = name;
  text_.append("# HELP ").append(name).append(" ");
  AppendEscaped(text_, help, false);
  text_.append("\n# TYPE ").append(name).append(" ").append(type).append("\n");
}

void Exposition::Line(std::string_view suffix, Labels labels, std::string_view le, std::string_view value) {
  text_.append(name_).append(suffix);
  bool first = true;
  for (const auto& [name, label] : labels) AppendLabel(text_, name, label, first);
  if (!le.empty()) AppendLabel(text_, "le", le, first);
  if (!first) text_.push_back('}');
  text_.append(" ").append(value).append("\n");
}

void Exposition::Sample(Labels labels, std::uint64_t value) { Line("", labels, "", fmt::to_string(value)); }

void Exposition::Sample(Labels labels, std::int64_t value) { Line("", labels, "", fmt::to_string(value)); }

void Exposition::Sample(Labels labels, double value) { Line("", labels, "", Number(value)); }

void Exposition::Samples(Labels labels, const HistogramTotals& histogram) {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i <= histogram.bounds.size(); ++i) {
    if (i < histogram.buckets.size()) count += histogram.buckets[i];
    const std::string le = i < histogram.bounds.size() ? Number(histogram.bounds[i]) : "+Inf";
    Line("_bucket", labels, le, fmt::to_string(count));
  }
  Line("_sum", labels, "", Number(histogram.sum));
  Line("_count", labels, "", fmt::to_string(count));
}

}  // namespace arbstr::proxy
