#include "mock_provider/http/wire_plan.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

namespace mock_provider {

bool EndsConnection(const WireOp& op) {
  return op.kind == WireOp::Kind::kClose || op.kind == WireOp::Kind::kAbort;
}

void WirePlan::Complete() {
  const auto last = std::find_if(ops_.rbegin(), ops_.rend(),
                                 [](const WireOp& op) { return op.kind == WireOp::Kind::kWrite; });
  if (last != ops_.rend()) last->completes = true;
}

bool WirePlan::SendsWholeAnswer() const {
  return std::any_of(ops_.rbegin(), ops_.rend(), [](const WireOp& op) { return op.completes; });
}

bool WirePlan::Ended() const { return !ops_.empty() && EndsConnection(ops_.back()); }

void WirePlan::Append(const WirePlan& other) {
  ops_.insert(ops_.end(), other.ops_.begin(), other.ops_.end());
}

void WirePlan::Append(WirePlan&& other) {
  if (ops_.empty()) {
    ops_ = std::move(other.ops_);
  } else {
    std::move(other.ops_.begin(), other.ops_.end(), std::back_inserter(ops_));
  }
}

WirePlan Dripped(const WirePlan& plan, double bytes_per_s) {
  const auto slice = static_cast<std::size_t>(std::max(1.0, bytes_per_s / 20));
  WirePlan dripped;
  for (const WireOp& op : plan.ops()) {
    if (op.kind != WireOp::Kind::kWrite || !op.is_body) {
      dripped.Add(op);
      continue;
    }
    for (std::size_t at = 0; at < op.bytes.size(); at += slice) {
      std::string piece = op.bytes.substr(at, slice);
      dripped.Pause(1000.0 * static_cast<double>(piece.size()) / bytes_per_s);
      dripped.WriteBody(std::move(piece));
    }
    if (op.completes) dripped.Complete();
  }
  return dripped;
}

WirePlan WithMidBody(const WirePlan& plan, const WirePlan& inserted) {
  std::size_t total = 0;
  for (const WireOp& op : plan.ops()) {
    if (op.is_body) total += op.bytes.size();
  }
  WirePlan result;
  std::size_t before = total / 2;
  bool done = false;
  for (const WireOp& op : plan.ops()) {
    if (done || !op.is_body || op.bytes.size() < before) {
      if (op.is_body) before -= std::min(before, op.bytes.size());
      result.Add(op);
      continue;
    }
    done = true;
    result.WriteBody(op.bytes.substr(0, before));
    result.Append(inserted);
    if (inserted.Ended()) return result;
    result.WriteBody(op.bytes.substr(before));
    if (op.completes) result.Complete();
  }
  if (!done) result.Append(inserted);
  return result;
}

}  // namespace mock_provider
