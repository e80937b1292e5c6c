#include "mock_provider/scenario_file/write_action.h"

#include <fmt/format.h>

#include "mock_provider/scenario/error_kind.h"
#include "mock_provider/scenario/fault_kind.h"
#include "mock_provider/scenario_file/put_field.h"

namespace mock_provider {
namespace {

using nlohmann::ordered_json;

ordered_json ErrorJson(const ErrorAnswer& error) {
  if (error.kind == ErrorKind::kStatus) return error.status;
  return ErrorName(error.kind);
}

ordered_json UsageJson(const Usage& usage) {
  ordered_json json = ordered_json::object();
  Put(json, "prompt_tokens", usage.prompt_tokens);
  Put(json, "completion_tokens", usage.completion_tokens);
  Put(json, "total_tokens", usage.total_tokens);
  for (const auto& [name, value] : usage.more) json[name] = ordered_json::parse(value);
  return json;
}

// A header that is repeated has its values in a list.
void AddHeader(const std::string& name, const std::string& value, ordered_json& headers) {
  ordered_json& known = headers[name];
  if (known.is_null()) {
    known = value;
  } else if (known.is_array()) {
    known.push_back(value);
  } else {
    known = ordered_json::array({known, value});
  }
}

ordered_json ReplyJson(const Reply& reply) {
  ordered_json json = ordered_json::object();
  Put(json, "text", reply.text);
  for (const ToolCall& call : reply.tool_calls) {
    ordered_json item = {{"name", call.name}, {"arguments", call.arguments}};
    if (!call.id.empty()) item["id"] = call.id;
    json["tool_calls"].push_back(std::move(item));
  }
  Put(json, "finish_reason", reply.finish_reason);
  if (reply.omit_usage) {
    json["usage"] = nullptr;
  } else if (ordered_json usage = UsageJson(reply.usage); !usage.empty()) {
    json["usage"] = std::move(usage);
  }
  Put(json, "model", reply.model);
  Put(json, "id", reply.id);
  Put(json, "body", reply.body);
  for (const auto& [name, value] : reply.headers) AddHeader(name, value, json["headers"]);
  if (reply.status != 200) json["status"] = reply.status;
  return json;
}

ordered_json HangJson(const Hang& hang) {
  ordered_json json = ordered_json::object();
  switch (hang.at) {
    case Hang::At::kBeforeHeaders:
      json["at"] = "before_headers";
      break;
    case Hang::At::kAfterHeaders:
      json["at"] = "after_headers";
      break;
    case Hang::At::kFrame:
      json["at"] = fmt::format("frame {}", hang.frame);
      break;
    case Hang::At::kMidBody:
      json["at"] = "mid_body";
      break;
  }
  if (!hang.for_ms) return json;
  json["for_ms"] = *hang.for_ms;
  switch (hang.end) {
    case Hang::End::kFin:
      json["end"] = "fin";
      break;
    case Hang::End::kReset:
      json["end"] = "reset";
      break;
    case Hang::End::kReply:
      json["end"] = "reply";
      break;
  }
  return json;
}

const char* EndName(FrameEvent::End end) {
  switch (end) {
    case FrameEvent::End::kFin:
      return "fin";
    case FrameEvent::End::kReset:
      return "reset";
    case FrameEvent::End::kClean:
      return "clean";
  }
  return "";
}

ordered_json EventJson(const FrameEvent& event) {
  ordered_json json = {{"frame", event.frame}};
  Put(json, "stall_ms", event.stall_ms);
  Put(json, "comment", event.comment);
  if (event.split_utf8) json["split_utf8"] = true;
  Put(json, "malformed", event.malformed);
  if (event.cut_json) json["malformed"] = true;
  if (event.cut_mid_event) json["cut_mid_event"] = true;
  if (event.error_event) json["error_event"] = ErrorJson(*event.error_event);
  if (event.duplicate) json["duplicate"] = true;
  if (event.end) json["end"] = EndName(*event.end);
  return json;
}

ordered_json FramesJson(const Frames& frames) {
  ordered_json json = ordered_json::object();
  if (frames.delay_ms) json["delay_ms"] = DelayJson(*frames.delay_ms);
  if (frames.omit_done) json["omit_done"] = true;
  for (const FrameEvent& event : frames.at) json["at"].push_back(EventJson(event));
  return json;
}

}  // namespace

ordered_json DelayJson(const Delay& delay) {
  switch (delay.shape) {
    case Delay::Shape::kFixed:
      return delay.value;
    case Delay::Shape::kUniform:
      return {{"type", "uniform"}, {"lower", delay.lower}, {"upper", delay.upper}};
    case Delay::Shape::kLognormal: {
      ordered_json json = {{"type", "lognormal"}, {"median", delay.median}, {"sigma", delay.sigma}};
      Put(json, "max", delay.max);
      return json;
    }
  }
  return nullptr;
}

ordered_json ActionJson(const Action& action) {
  ordered_json json = ordered_json::object();
  if (action.reply) json["reply"] = ReplyJson(*action.reply);
  if (action.error) {
    json["error"] = ErrorJson(*action.error);
    Put(json, "retry_after_ms", action.error->retry_after_ms);
  }
  if (action.delay_ms) json["delay_ms"] = DelayJson(*action.delay_ms);
  if (action.hang) json["hang"] = HangJson(*action.hang);
  if (action.drip_bytes_per_s) json["drip"] = {{"bytes_per_s", *action.drip_bytes_per_s}};
  if (action.fault) json["fault"] = FaultName(*action.fault);
  if (action.frames) json["frames"] = FramesJson(*action.frames);
  return json;
}

}  // namespace mock_provider
