#include "mock_provider/rules/match.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "mock_provider/http/header_name.h"
#include "mock_provider/rules/glob.h"

namespace mock_provider {
namespace {

using nlohmann::json;

bool Fits(const std::optional<std::string>& glob, std::string_view text) {
  return !glob || GlobMatches(*glob, text);
}

// The query is part of it only for a glob that may mean one.
bool PathFits(const std::optional<std::string>& glob, const HttpRequest& http) {
  return Fits(glob, http.Path()) || (glob->find('?') != glob->npos && GlobMatches(*glob, http.target));
}

bool HeaderFits(const std::string& name, const std::string& glob, const HttpRequest& http) {
  const std::string wanted = LowerCaseName(name);
  return std::any_of(http.headers.begin(), http.headers.end(), [&](const auto& header) {
    return header.first == wanted && GlobMatches(glob, header.second);
  });
}

bool BodyFits(const Match::BodyValue& wanted, const std::string& body) {
  const std::optional<std::string> found = BodyValueAt(body, wanted.pointer);
  if (!found) return false;
  const json expected = json::parse(wanted.json, nullptr, false);
  const json actual = json::parse(*found, nullptr, false);
  if (expected.is_string() && actual.is_string()) {
    return GlobMatches(expected.get_ref<const std::string&>(), actual.get_ref<const std::string&>());
  }
  return !actual.is_discarded() && expected == actual;
}

}  // namespace

bool Matches(const Match& match, const HttpRequest& http, const ChatRequest& chat) {
  return Fits(match.method, http.method) && PathFits(match.path, http) && Fits(match.model, chat.model) &&
         (!match.stream || *match.stream == chat.stream) &&
         (!match.prompt_contains || chat.prompt.find(*match.prompt_contains) != std::string::npos) &&
         std::all_of(match.headers.begin(), match.headers.end(),
                     [&](const auto& header) { return HeaderFits(header.first, header.second, http); }) &&
         std::all_of(match.body.begin(), match.body.end(),
                     [&](const auto& value) { return BodyFits(value, http.body); });
}

std::string KeyValue(const Key& key, const HttpRequest& http, std::uint64_t connection) {
  switch (key.source) {
    case Key::Source::kNone:
      return "";
    case Key::Source::kHeader: {
      const std::string* value = http.Header(LowerCaseName(key.name));
      return value ? *value : "";
    }
    case Key::Source::kBody: {
      const std::optional<std::string> value = BodyValueAt(http.body, key.name);
      if (!value) return "";
      const json parsed = json::parse(*value, nullptr, false);
      return parsed.is_string() ? parsed.get<std::string>() : *value;
    }
    case Key::Source::kConnection:
      return std::to_string(connection);
  }
  return "";
}

}  // namespace mock_provider
