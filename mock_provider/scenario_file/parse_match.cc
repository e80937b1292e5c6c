#include "mock_provider/scenario_file/parse_match.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "mock_provider/http/header_name.h"

namespace mock_provider {
namespace {

using json = nlohmann::ordered_json;

// RFC 6901: a ~ stands for itself and for / as ~0 and ~1 alone.
bool IsPointer(const std::string& text) {
  for (std::size_t at = text.find('~'); at != text.npos; at = text.find('~', at + 1)) {
    const char escaped = at + 1 < text.size() ? text[at + 1] : ' ';
    if (escaped != '0' && escaped != '1') return false;
  }
  return text.empty() || text.front() == '/';
}

bool HasLowerCase(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

// A glob that fits some path, which all begin with a slash.
bool MayBeginAPath(const std::string& glob) {
  return !glob.empty() && std::string_view("/*?").find(glob.front()) != std::string_view::npos;
}

void ParseHeaders(const json& value, const std::string& path, Mistakes& mistakes, Match& match) {
  if (!value.is_object()) {
    mistakes.Add(path, "must be an object of header names and globs");
    return;
  }
  for (const auto& [name, glob] : value.items()) {
    if (!IsHeaderName(name)) {
      mistakes.Add(path + "." + name, "is no header name");
    } else if (glob.is_string()) {
      match.headers.emplace_back(name, glob.get<std::string>());
    } else {
      mistakes.Add(path + "." + name, "must be a string, a glob");
    }
  }
}

void ParseBody(const json& value, const std::string& path, Mistakes& mistakes, Match& match) {
  if (!value.is_object()) {
    mistakes.Add(path, "must be an object of JSON pointers and values");
    return;
  }
  for (const auto& [pointer, wanted] : value.items()) {
    if (!IsPointer(pointer))
      mistakes.Add(path + "." + pointer,
                   "is no JSON pointer: those begin with /, and have ~ as ~0 and / in a name as ~1");
    match.body.push_back({.pointer = pointer, .json = wanted.dump()});
  }
}

void RejectContradiction(ObjectReader& reader, const Match& match) {
  for (const Match::BodyValue& value : match.body) {
    const bool is_bool = value.json == "true" || value.json == "false";
    if (match.stream && value.pointer == "/stream" && is_bool && (value.json == "true") != *match.stream)
      reader.Mistake("stream", "contradictory beside another /stream in body");
  }
}

}  // namespace

Match ParseMatch(const json& value, const std::string& path, Mistakes& mistakes) {
  ObjectReader reader(value, path, mistakes);
  Match match;
  match.method = reader.String("method");
  if (match.method && HasLowerCase(*match.method))
    reader.Mistake("method", fmt::format("\"{}\" matches nothing: methods are in capitals", *match.method));
  match.path = reader.String("path");
  if (match.path && !MayBeginAPath(*match.path))
    reader.Mistake("path", fmt::format("\"{}\" matches nothing: paths begin with /", *match.path));
  match.model = reader.String("model");
  match.stream = reader.Bool("stream");
  if (const json* headers = reader.Find("header"))
    ParseHeaders(*headers, reader.PathOf("header"), mistakes, match);
  if (const json* body = reader.Find("body")) ParseBody(*body, reader.PathOf("body"), mistakes, match);
  match.prompt_contains = reader.String("prompt_contains");
  RejectContradiction(reader, match);
  reader.Finish();
  return match;
}

Key ParseKey(ObjectReader& rule) {
  const std::optional<std::string> text = rule.String("key");
  if (!text) return {};
  if (*text == "connection") return {.source = Key::Source::kConnection, .name = ""};
  if (text->starts_with("header:") && IsHeaderName(text->substr(7))) {
    return {.source = Key::Source::kHeader, .name = text->substr(7)};
  }
  if (text->starts_with("body:/") && IsPointer(text->substr(5)))
    return {.source = Key::Source::kBody, .name = text->substr(5)};
  rule.Mistake("key", fmt::format("\"{}\" is none of header:NAME, body:/pointer, connection", *text));
  return {};
}

}  // namespace mock_provider
