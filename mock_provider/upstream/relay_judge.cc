#include "mock_provider/upstream/relay_judge.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "mock_provider/http/event_splitter.h"
#include "mock_provider/http/header_name.h"
#include "mock_provider/http/http_answer.h"

namespace mock_provider {
namespace {

using nlohmann::json;

std::string_view HeaderOf(const UpstreamHead& head, std::string_view name) {
  for (const auto& [known, value] : head.headers) {
    if (IsSameName(known, name)) return value;
  }
  return "";
}

// What an event says; empty for a comment.
std::string DataOf(std::string_view event) {
  std::string data;
  while (!event.empty()) {
    std::string_view line = event.substr(0, event.find('\n'));
    event.remove_prefix(std::min(line.size() + 1, event.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.starts_with("data:")) continue;
    line.remove_prefix(5);
    if (line.starts_with(' ')) line.remove_prefix(1);
    if (!data.empty()) data += '\n';
    data += line;
  }
  return data;
}

bool IsBad(const std::string& data) {
  const json event = json::parse(data, nullptr, false);
  if (event.is_discarded()) return true;
  if (!event.is_object()) return false;
  return (event.contains("error") && !event["error"].is_null()) || event.value("type", json()) == "error";
}

bool IsBrokenStream(std::string_view body, bool needs_done) {
  bool said_something = false, done = false;
  for (const std::string& event : SplitEvents(body)) {
    const std::string data = DataOf(event);
    if (data.empty()) continue;
    said_something = true;
    if (data == "[DONE]") {
      done = true;
    } else if (IsBad(data)) {
      return true;
    }
  }
  return !said_something || (needs_done && !done);
}

}  // namespace

bool IsBrokenByItself(const HttpRequest& request, const UpstreamHead& head, std::string_view body) {
  if (HasNoBody(request.method, head.status)) return false;
  if (!HeaderOf(head, "content-encoding").empty()) return false;
  const bool chat = request.method == "POST" && request.Path().ends_with("/chat/completions");
  if (head.events) return IsBrokenStream(body, chat);
  const bool is_json = HeaderOf(head, "content-type").find("json") != std::string_view::npos;
  return (is_json || (chat && head.status < 300)) && !json::accept(body);
}

}  // namespace mock_provider
