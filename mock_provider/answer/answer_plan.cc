#include "mock_provider/answer/answer_plan.h"

#include <string>
#include <utility>

#include "mock_provider/answer/frame_script.h"
#include "mock_provider/faults/fault.h"

namespace mock_provider {
namespace {

WirePlan StreamPlan(const HttpAnswer& answer, const Action& action, const Provider& provider,
                    const ErrorContext& errors, DrawSequence& draws) {
  StreamScript script{
      .frames = action.frames.value_or(Frames{}), .pace = provider.stream, .hang = {}, .error_event = {}};
  if (action.hang && action.hang->at == Hang::At::kFrame) script.hang = action.hang;
  script.error_event = [&](const ErrorAnswer& error) {
    return MakeErrorEvent(provider.dialect, error, errors);
  };
  return WriteStream(answer, script, draws);
}

WirePlan PlainPlan(const HttpAnswer& answer) {
  WirePlan plan;
  plan.Write(HeadWithLength(answer));
  plan.WriteBody(answer.body);
  return plan;
}

// The head, then `inserted`, then the rest unless `inserted` ends the plan.
WirePlan WithAfterHead(const WirePlan& plan, const WirePlan& inserted) {
  WirePlan result;
  bool done = false;
  for (const WireOp& op : plan.ops()) {
    result.Add(op);
    if (done || op.kind != WireOp::Kind::kWrite) continue;
    done = true;
    result.Append(inserted);
    if (inserted.Ended()) return result;
  }
  if (!done) result.Append(inserted);
  return result;
}

WirePlan WithHang(const WirePlan& plan, const Hang& hang) {
  switch (hang.at) {
    case Hang::At::kBeforeHeaders: {
      WirePlan result = HangSteps(hang);
      if (!result.Ended()) result.Append(plan);
      return result;
    }
    case Hang::At::kAfterHeaders:
      return WithAfterHead(plan, HangSteps(hang));
    case Hang::At::kFrame:
      return plan;  // has it already, if it is a stream
    case Hang::At::kMidBody:
      return WithMidBody(plan, HangSteps(hang));
  }
  return plan;
}

// Head and body of a plain answer leave together where nothing lies between them.
WirePlan Joined(WirePlan&& plan) {
  WirePlan joined;
  WireOp pending;
  for (WireOp& op : std::move(plan).ops()) {
    if (op.kind == WireOp::Kind::kWrite) {
      pending.bytes += op.bytes;
      pending.completes = op.completes;
      continue;
    }
    if (!pending.bytes.empty()) joined.Add(std::exchange(pending, {}));
    joined.Add(std::move(op));
  }
  if (!pending.bytes.empty()) joined.Add(std::move(pending));
  return joined;
}

}  // namespace

PlannedAnswer PlanAnswer(const HttpAnswer& answer, const Action& action, const Provider& provider,
                         const ErrorContext& errors, DrawSequence& draws) {
  PlannedAnswer planned;
  if (action.delay_ms) planned.plan.Pause(Sample(*action.delay_ms, draws));

  const bool frames = answer.IsStream() && !action.fault;
  WirePlan wire;
  if (action.fault) {
    ApplyFault(*action.fault, answer, draws, wire);
  } else {
    wire = frames ? StreamPlan(answer, action, provider, errors, draws) : PlainPlan(answer);
  }
  if (!wire.Ended()) {
    wire.Complete();
    if (!answer.keep_alive) wire.Close();
  }
  if (action.hang) wire = WithHang(wire, *action.hang);
  if (action.drip_bytes_per_s) wire = Dripped(wire, *action.drip_bytes_per_s);
  planned.plan.Append(frames ? std::move(wire) : Joined(std::move(wire)));
  planned.head = ReadSentHead(planned.plan, errors.unix_ms);
  return planned;
}

}  // namespace mock_provider
