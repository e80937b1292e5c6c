#include "request_log/growing_segments.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "request_log/stored_text.h"

namespace arbstr::request_log {
namespace {

// More groups wait only where the database that was opened has many rows that are in no segment, or where it
// cannot be written.
constexpr std::size_t kMostGroups = 16;

std::string AsStored(const std::string& text) { return IsStorable(text) ? text : MakeStorable(text); }

SegmentKey KeyOf(const Record& record) {
  SegmentKey key{AsStored(record.model), std::nullopt, record.streaming, record.success};
  if (record.provider) key.provider = AsStored(*record.provider);
  return key;
}

bool IsOf(const SegmentKey& key, const Record& record) {
  return key.streaming == record.streaming && key.success == record.success && key.model == record.model &&
         key.provider == record.provider;
}

// Without its key.
RowFacts FactsOf(const Record& record, std::int64_t id) {
  RowFacts facts;
  facts.id = id;
  facts.timestamp =
      std::chrono::floor<std::chrono::milliseconds>(record.timestamp).time_since_epoch().count();
  facts.latency_ms = record.latency_ms;
  facts.input_tokens = record.input_tokens.value_or(0);
  facts.output_tokens = record.output_tokens.value_or(0);
  if (record.cost_sats) facts.cost_sats = *record.cost_sats;
  return facts;
}

}  // namespace

void GrowingSegments::Add(std::span<const Record> records, std::int64_t first_id) {
  if (!empty() && (groups_.back().last_id() + 1 != first_id || groups_.size() > kMostGroups)) Clear();
  for (const Record& record : records) {
    if (empty() || groups_.back().rows >= rows_each_) {
      groups_.push_back({first_id, 0, {}});
      last_ = nullptr;
    }
    SegmentOf(record).Add(FactsOf(record, first_id++));
    ++groups_.back().rows;
  }
}

Segment& GrowingSegments::SegmentOf(const Record& record) {
  if (last_ != nullptr && IsOf(last_->key, record)) return *last_;
  SegmentKey key = KeyOf(record);
  last_ = &groups_.back().segments[key];
  last_->key = std::move(key);
  return *last_;
}

void GrowingSegments::Clear() {
  groups_.clear();
  last_ = nullptr;
}

void GrowingSegments::PopFront() {
  groups_.pop_front();
  if (groups_.empty()) last_ = nullptr;
}

}  // namespace arbstr::request_log
