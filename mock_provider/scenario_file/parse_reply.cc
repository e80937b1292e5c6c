#include "mock_provider/scenario_file/parse_reply.h"

#include <strings.h>

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "mock_provider/http/header_name.h"
#include "mock_provider/http/http_answer.h"

namespace mock_provider {
namespace {

using json = nlohmann::ordered_json;

constexpr std::int64_t kMaxTokens = 1'000'000'000'000;

Usage ParseUsage(const json& value, const std::string& path, Mistakes& mistakes) {
  ObjectReader reader(value, path, mistakes);
  Usage usage;
  usage.prompt_tokens = reader.Integer("prompt_tokens", 0, kMaxTokens);
  usage.completion_tokens = reader.Integer("completion_tokens", 0, kMaxTokens);
  usage.total_tokens = reader.Integer("total_tokens", 0, kMaxTokens);
  if (reader.Number("total_cost", 0)) usage.more.emplace_back("total_cost", value["total_cost"].dump());
  for (const char* details : {"prompt_tokens_details", "completion_tokens_details"}) {
    const json* object = reader.Find(details);
    if (object && !object->is_object()) reader.Mistake(details, "must be an object");
    if (object) usage.more.emplace_back(details, object->dump());
  }
  reader.Finish();
  return usage;
}

// What a name or a JSON value is given as: the text itself, or the value it is the text of.
std::string TextOf(const json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

// {"id", "name", "arguments"}, or the same as a provider writes it: {"id", "type", "function": {…}}.
ToolCall ParseToolCall(const json& value, const std::string& path, Mistakes& mistakes) {
  ObjectReader reader(value, path, mistakes);
  ToolCall call;
  call.id = reader.String("id").value_or("");
  const auto read_function = [&](ObjectReader& function) {
    call.name = function.String("name").value_or("");
    if (!function.Has("name")) function.Mistake("name", "a tool call needs it");
    const json* arguments = function.Find("arguments");
    call.arguments = arguments ? TextOf(*arguments) : "{}";
  };
  if (const json* function = reader.Find("function")) {
    reader.OneOf("type", {"function"});
    ObjectReader inner(*function, reader.PathOf("function"), mistakes);
    read_function(inner);
    inner.Finish();
  } else {
    read_function(reader);
  }
  reader.Finish();
  return call;
}

bool Frames(const std::string& name) {
  return ::strcasecmp(name.c_str(), "content-length") == 0 ||
         ::strcasecmp(name.c_str(), "transfer-encoding") == 0;
}

bool IsOneLine(const std::string& text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos;
}

bool IsSet(const Reply& reply, const std::string& name) {
  return std::any_of(reply.headers.begin(), reply.headers.end(), [&](const auto& header) {
    return ::strcasecmp(header.first.c_str(), name.c_str()) == 0;
  });
}

// Several where they stand in a list; none where they are wrong.
std::vector<std::string> HeaderValues(const json& value) {
  std::vector<std::string> lines;
  for (const json& line : value.is_array() ? value : json::array({value})) {
    if (!line.is_string() || !IsOneLine(line.get<std::string>())) return {};
    lines.push_back(line.get<std::string>());
  }
  return lines;
}

void ParseHeaders(const json& value, const std::string& path, Mistakes& mistakes, Reply& reply) {
  if (!value.is_object()) {
    mistakes.Add(path, "must be an object of header names and values");
    return;
  }
  for (const auto& [name, given] : value.items()) {
    const std::vector<std::string> lines = HeaderValues(given);
    if (lines.empty()) {
      mistakes.Add(path + "." + name, "must be a string of one line, or a list of such");
    } else if (!IsHeaderName(name)) {
      mistakes.Add(path + "." + name, "is no header name");
    } else if (Frames(name)) {
      mistakes.Add(path + "." + name, "contradictory: the mock frames its answers; faults frame them wrong");
    } else if (IsSet(reply, name)) {
      mistakes.Add(path + "." + name, "is given twice: a name is the same in any case");
    } else {
      for (const std::string& line : lines) reply.headers.emplace_back(name, line);
    }
  }
}

constexpr std::initializer_list<const char*> kContent = {"text",  "tool_calls", "finish_reason",
                                                         "usage", "model",      "id"};

void RejectContradictions(ObjectReader& reader, const Reply& reply) {
  const bool bodiless = HasNoBody(reply.status);
  for (const char* field : kContent) {
    if (!reader.Has(field)) continue;
    if (reply.body) reader.Mistake(field, "contradictory beside body, which is the whole answer");
    if (bodiless) reader.Mistake(field, "contradictory: a 204 or 304 has no body");
  }
  if (bodiless && reply.body && !reply.body->empty())
    reader.Mistake("body", "contradictory: a 204 or 304 has none");
}

}  // namespace

Reply ParseReply(const json& value, const std::string& path, Mistakes& mistakes) {
  ObjectReader reader(value, path, mistakes);
  Reply reply;
  reply.text = reader.String("text");
  reader.Each("tool_calls", [&](const json& call, const std::string& call_path) {
    reply.tool_calls.push_back(ParseToolCall(call, call_path, mistakes));
  });
  reply.finish_reason = reader.String("finish_reason");
  if (const json* usage = reader.Find("usage")) {
    reply.omit_usage = usage->is_null();
    if (!reply.omit_usage) reply.usage = ParseUsage(*usage, reader.PathOf("usage"), mistakes);
  }
  reply.model = reader.String("model");
  reply.id = reader.String("id");
  if (const json* body = reader.Find("body")) reply.body = TextOf(*body);
  if (const json* headers = reader.Find("headers"))
    ParseHeaders(*headers, reader.PathOf("headers"), mistakes, reply);
  reply.status = static_cast<int>(reader.Integer("status", 200, 599).value_or(200));
  if (reader.Has("tool_calls") && reply.tool_calls.empty())
    reader.Mistake("tool_calls", "needs at least one: leave it out for none");
  RejectContradictions(reader, reply);
  reader.Finish();
  return reply;
}

}  // namespace mock_provider
