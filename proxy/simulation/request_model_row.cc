// How a request's model ends: its row.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "proxy/simulation/request_model.h"

namespace arbstr::proxy::simulation {
namespace {

constexpr milliseconds kTick{4};

int64_t Millis(Duration duration) { return std::chrono::duration_cast<milliseconds>(duration).count(); }

}  // namespace

// What the row itself is the first word of.
void RequestModel::ExplainRow() {
  if (phase_ == Phase::kRoomAwaited) Accept();
  if (phase_ == Phase::kStreaming) return ExplainStreamRow();
  if (phase_ == Phase::kAttemptDue && Interrupted()) return AbortedByInterrupt();
  if (phase_ != Phase::kWaiting) return;
  model().GiveBack(charged_at_);
  if (Interrupted()) return AbortedByInterrupt();
  if (now() < deadline_) return Fail("a wait ended without an attempt");
  if (now() > deadline_ + kTick) return Fail("a wait outlived the deadline");
  if (retry_at_ + kTick < deadline_) return Fail("a retry was not made");
  model().Exhausted(*stay_, now());
  OweRow(504);
}

void RequestModel::RowWritten(const request_log::Record& row) {
  if (row_) return Fail("a second row");
  row_ = row;
  ExplainRow();
  if (shared_.journal.failed()) return;
  if (phase_ != Phase::kRowDue)
    return Fail(
        fmt::format("a row of status {} too early: {}", row.status(), row.error_message.value_or("")));
  if (streamed_) {  // it leaves the provider with its row
    attempts_.back().failed = owed_status_ == 502 || owed_status_ == 504;
    if (owed_status_ == 200) {
      model().Answered(*stay_, now(), true);
    } else if (attempts_.back().failed) {
      AddLatency(Sample::kFailure);
      model().Exhausted(*stay_, now());
    } else {
      model().SaysNothing(*stay_);
    }
  }
  phase_ = Phase::kOver;
  CheckRow(row);
}

std::string RequestModel::Retries() const {
  std::vector<std::pair<std::string, int>> counts;
  for (const Attempt& attempt : attempts_) {
    if (!attempt.failed) continue;
    const auto found = std::ranges::find(counts, attempt.provider, &std::pair<std::string, int>::first);
    if (found == counts.end()) {
      counts.emplace_back(attempt.provider, 1);
    } else {
      ++found->second;
    }
  }
  std::string text;
  for (const auto& [name, count] : counts) {
    text += fmt::format("{}{}/{}", text.empty() ? "" : ", ", count, name);
  }
  return text;
}

void RequestModel::CheckRow(const request_log::Record& row) {
  const auto want = [&](std::string_view what, const auto& got, const auto& wanted) {
    if (got != wanted) Fail(fmt::format("its row's {} is {}, and should be {}", what, got, wanted));
  };
  const auto text = [](const std::optional<std::string>& value) { return value.value_or("none"); };
  const auto number = [](const std::optional<int64_t>& value) { return value.value_or(-1); };
  want("success", row.success, owed_status_ == 200);
  want("status", row.status(), owed_status_);
  want("model", row.model, client_request_.model);
  want("streaming", row.streaming, client_request_.stream);
  want("policy", text(row.policy), route_.policy.value_or("none"));
  want("provider", text(row.provider), attempts_.empty() ? "none" : attempts_.back().provider);
  want("attempts", static_cast<size_t>(row.attempts), attempts_.size());
  want("retries", row.retries.value_or(""), Retries());
  want("attempt_log", row.attempt_log.has_value(), !Retries().empty() || finally_answered_as_if_cut_);
  if (nobody_asked_ && owed_status_ == 503)
    want("reason", row.error_message.value_or("").find(": " + skipped_ + ".") != std::string::npos, true);
  const bool counts = owed_status_ == 200 || streamed_;
  const std::optional<Tokens> usage = counts ? usage_ : std::nullopt;
  want("input_tokens", number(row.input_tokens), usage ? usage->input : -1);
  want("output_tokens", number(row.output_tokens), usage ? usage->output : -1);
  const auto cost = [&](const Tokens& tokens) {
    const double millionths = static_cast<double>(tokens.input) * provider().input_rate +
                              static_cast<double>(tokens.output) * provider().output_rate;
    return millionths / 1e6 + provider().base_fee;
  };
  want("cost_sats", row.cost_sats.value_or(-1), usage ? cost(*usage) : -1);
  want("provider_cost_sats", row.provider_cost_sats.value_or(-1), counts ? total_cost_.value_or(-1) : -1);
  const TimePoint first = first_event_at_.value_or(now());
  want("latency_ms", row.latency_ms, Millis((streamed_ ? first : now()) - arrived_));
  want("stream_duration_ms", number(row.stream_duration_ms), streamed_ ? Millis(now() - first) : -1);
}

}  // namespace arbstr::proxy::simulation
