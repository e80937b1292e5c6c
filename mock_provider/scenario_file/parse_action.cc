#include "mock_provider/scenario_file/parse_action.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "mock_provider/http/http_answer.h"
#include "mock_provider/scenario/event_stream_reply.h"
#include "mock_provider/scenario/fault_kind.h"
#include "mock_provider/scenario/never_answers.h"
#include "mock_provider/scenario_file/parse_delay.h"
#include "mock_provider/scenario_file/parse_error.h"
#include "mock_provider/scenario_file/parse_frames.h"
#include "mock_provider/scenario_file/parse_hang.h"
#include "mock_provider/scenario_file/parse_reply.h"

namespace mock_provider {
namespace {

using json = nlohmann::ordered_json;

constexpr std::array kFields = {"reply", "error", "delay_ms", "hang", "drip", "fault", "frames"};
constexpr std::int64_t kLongestRetryAfterMs = 31'536'000'000;  // a year

std::optional<double> ParseDrip(const json& value, const std::string& path, Mistakes& mistakes) {
  ObjectReader reader(value, path, mistakes);
  const auto bytes_per_s = reader.Number("bytes_per_s", 0.001, 1e12);
  if (!reader.Has("bytes_per_s")) reader.Mistake("bytes_per_s", "a drip needs it");
  reader.Finish();
  return bytes_per_s;
}

void ParseErrorAnswer(ObjectReader& reader, Action& action) {
  action.error = ParseError(reader, "error");
  const auto retry_after = reader.Integer("retry_after_ms", 0, kLongestRetryAfterMs);
  if (action.error) action.error->retry_after_ms = retry_after;
  if (reader.Has("retry_after_ms") && !reader.Has("error")) {
    reader.Mistake("retry_after_ms", "contradictory without an error to come with");
  }
}

void RejectContradictions(ObjectReader& reader, const Action& action) {
  if (reader.Has("reply") && reader.Has("error")) reader.Mistake("error", "contradictory beside reply");
  if (reader.Has("frames") && reader.Has("error"))
    reader.Mistake("frames", "contradictory beside error, which has none");
  if (reader.Has("frames") && reader.Has("fault")) reader.Mistake("frames", "contradictory beside fault");
  if (reader.Has("frames") && action.reply && action.reply->body && !IsEventStream(*action.reply)) {
    reader.Mistake("frames", "contradictory beside a reply's body, which has none");
  }
  const bool no_frames = action.reply && action.reply->body && !IsEventStream(*action.reply);
  if (action.hang && action.hang->at == Hang::At::kFrame && (action.fault || action.error || no_frames))
    reader.Mistake("hang",
                   "contradictory: an answer with a fault, an error or a body of its own has no frames");
}

void RejectWhatNeverComes(ObjectReader& reader, const Action& action) {
  if (!NeverAnswers(action)) return;
  for (const char* field : {"reply", "error", "drip", "fault", "frames"}) {
    if (reader.Has(field))
      reader.Mistake(
          field,
          "contradictory: nothing comes after the hang but where it has for_ms and \"end\": \"reply\"");
  }
}

bool SendsNothing(FaultKind fault) { return fault == FaultKind::kReset || fault == FaultKind::kClose; }

bool SendsNoBody(FaultKind fault) {
  return SendsNothing(fault) || fault == FaultKind::kCloseMidHeaders || fault == FaultKind::kRandomBytes ||
         fault == FaultKind::kEmptyBody;
}

// What it sends is its own, and would be the same whatever the answer was.
bool ShowsNothingOfTheAnswer(FaultKind fault) {
  return SendsNothing(fault) || fault == FaultKind::kRandomBytes || fault == FaultKind::kHtmlError;
}

void RejectWhatAFaultHides(ObjectReader& reader, const Action& action) {
  if (!action.fault) return;
  const auto hidden = [&](const char* field, const char* why) {
    reader.Mistake(field, fmt::format("contradictory: fault {} {}", FaultName(*action.fault), why));
  };
  if (action.hang && action.hang->at == Hang::At::kAfterHeaders && SendsNothing(*action.fault))
    hidden("hang", "sends nothing to hang after");
  if (action.hang && action.hang->at == Hang::At::kMidBody && SendsNoBody(*action.fault))
    hidden("hang", "sends no body to hang in");
  if (reader.Has("drip") && SendsNoBody(*action.fault)) hidden("drip", "sends no body");
  for (const char* answer : {"reply", "error"}) {
    if (reader.Has(answer) && ShowsNothingOfTheAnswer(*action.fault)) hidden(answer, "shows nothing of it");
  }
}

void RejectWhatAnEmptyBodyHides(ObjectReader& reader, const Action& action) {
  if (!action.reply || action.fault) return;
  const Reply& reply = *action.reply;
  const bool empty = HasNoBody(reply.status) || (reply.body && reply.body->empty());
  if (!empty) return;
  if (action.hang && action.hang->at == Hang::At::kMidBody)
    reader.Mistake("hang", "contradictory: the reply has no body to hang in");
  if (reader.Has("drip")) reader.Mistake("drip", "contradictory: the reply has no body");
}

}  // namespace

Action ParseAction(ObjectReader& reader, Mistakes& mistakes) {
  Action action;
  if (const json* reply = reader.Find("reply"))
    action.reply = ParseReply(*reply, reader.PathOf("reply"), mistakes);
  ParseErrorAnswer(reader, action);
  action.delay_ms = ParseDelay(reader, "delay_ms", mistakes);
  if (const json* hang = reader.Find("hang")) action.hang = ParseHang(*hang, reader.PathOf("hang"), mistakes);
  if (const json* drip = reader.Find("drip")) {
    action.drip_bytes_per_s = ParseDrip(*drip, reader.PathOf("drip"), mistakes);
  }
  if (const auto fault = reader.OneOf("fault", FaultNames()))
    action.fault = FaultByName(FaultNames()[*fault]);
  if (const json* frames = reader.Find("frames")) {
    action.frames = ParseFrames(*frames, reader.PathOf("frames"), mistakes);
  }
  RejectContradictions(reader, action);
  RejectWhatNeverComes(reader, action);
  RejectWhatAFaultHides(reader, action);
  RejectWhatAnEmptyBodyHides(reader, action);
  return action;
}

bool HasAction(const ObjectReader& reader) {
  return std::any_of(kFields.begin(), kFields.end(), [&](const char* field) { return reader.Has(field); });
}

}  // namespace mock_provider
