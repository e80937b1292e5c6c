#include "mock_provider/journal/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "mock_provider/scenario/scenario_time.h"

namespace mock_provider {
namespace {

std::string Label(const std::string& value) {
  std::string escaped;
  for (const char c : value) {
    if (c == '\n') {
      escaped += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string Family(const char* name, const char* type, const char* help) {
  return fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", name, help, type);
}

}  // namespace

void Metrics::Count(const JournalEntry& entry) {
  ++requests_[{entry.provider, entry.hit.rule.value_or(""), entry.status}];
}

void Metrics::Arrived(const JournalEntry& entry) {
  const std::lock_guard lock(mutex_);
  if (!entry.relayed) Count(entry);
  ++providers_[entry.provider].open;
}

void Metrics::Ended(const JournalEntry& entry) {
  const std::lock_guard lock(mutex_);
  if (entry.relayed) Count(entry);
  PerProvider& provider = providers_[entry.provider];
  --provider.open;
  provider.sent_bytes += entry.bytes;
  if (entry.closed_by == ClosedBy::kClient) ++provider.left;
  if (!entry.end_ms) return;
  const double seconds = MsBetween(entry.arrival_ms, *entry.end_ms) / 1000;
  provider.seconds += seconds;
  const auto bound = std::lower_bound(kBounds.begin(), kBounds.end(), seconds);
  ++provider.durations[static_cast<std::size_t>(bound - kBounds.begin())];
}

void Metrics::Refused(const std::string& provider, int status) {
  const std::lock_guard lock(mutex_);
  ++refused_[{provider, status}];
}

void Metrics::Cleared() {
  const std::lock_guard lock(mutex_);
  for (auto& [name, provider] : providers_) provider.open = 0;
}

std::string Metrics::Text() const {
  const std::lock_guard lock(mutex_);
  std::string text = Family("mock_provider_requests_total", "counter",
                            "Requests by what was decided about them, by an upstream at their end; status 0 "
                            "is none that a client can read.");
  for (const auto& [labels, count] : requests_) {
    const auto& [provider, rule, status] = labels;
    text += fmt::format("mock_provider_requests_total{{provider=\"{}\",rule=\"{}\",status=\"{}\"}} {}\n",
                        Label(provider), Label(rule), status, count);
  }
  const auto family = [&](const char* name, const char* type, const char* help, const auto& value) {
    text += Family(name, type, help);
    for (const auto& [provider, counts] : providers_)
      text += fmt::format("{}{{provider=\"{}\"}} {}\n", name, Label(provider), value(counts));
  };
  text += Family("mock_provider_refused_total", "counter",
                 "What was no HTTP request, or too large for one, by the status that it got.");
  for (const auto& [key, count] : refused_)
    text += fmt::format("mock_provider_refused_total{{provider=\"{}\",status=\"{}\"}} {}\n", Label(key.first),
                        key.second, count);
  family("mock_provider_requests_open", "gauge",
         "Requests of the journal that are being answered, hung ones included; a reset forgets them.",
         [](const PerProvider& p) { return p.open; });
  family("mock_provider_sent_bytes_total", "counter", "Bytes of ended answers, heads included.",
         [](const PerProvider& p) { return p.sent_bytes; });
  family("mock_provider_clients_left_total", "counter", "Answers whose client closed before their end.",
         [](const PerProvider& p) { return p.left; });
  text += Family("mock_provider_answer_seconds", "histogram",
                 "From a request's arrival to its answer's end, on the scenario's clock.");
  for (const auto& [provider, counts] : providers_) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < counts.durations.size(); ++i) {
      sum += counts.durations[i];
      text += fmt::format("mock_provider_answer_seconds_bucket{{provider=\"{}\",le=\"{}\"}} {}\n",
                          Label(provider), i < kBounds.size() ? fmt::format("{}", kBounds[i]) : "+Inf", sum);
    }
    text += fmt::format("mock_provider_answer_seconds_sum{{provider=\"{}\"}} {}\n", Label(provider),
                        counts.seconds);
    text += fmt::format("mock_provider_answer_seconds_count{{provider=\"{}\"}} {}\n", Label(provider), sum);
  }
  return text;
}

}  // namespace mock_provider
