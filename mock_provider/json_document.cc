#include "mock_provider/json_document.h"

#include <fmt/format.h>

#include <set>
#include <vector>

namespace mock_provider {
namespace {

using nlohmann::json;

constexpr int kMaxDepth = 64;

// The parser's own words end with what a reader needs: "parse error at line 3, column 5: …".
std::string Explain(const std::string& what) {
  const std::size_t end = what.find("] ");
  return "not JSON: " + (end == what.npos ? what : what.substr(end + 2));
}

}  // namespace

absl::StatusOr<json> ParseJsonDocument(const std::string& text) {
  std::vector<std::set<std::string>> open;  // the keys of the objects that are open
  std::string mistakes;
  bool too_deep = false;
  const auto watch = [&](int depth, json::parse_event_t event, json& parsed) {
    too_deep = too_deep || depth > kMaxDepth;
    if (event == json::parse_event_t::object_start) open.emplace_back();
    if (event == json::parse_event_t::object_end) open.pop_back();
    if (event == json::parse_event_t::key && !open.back().insert(parsed.get<std::string>()).second) {
      mistakes +=
          fmt::format("{}\"{}\" is given twice", mistakes.empty() ? "" : "\n", parsed.get<std::string>());
    }
    return !too_deep;
  };
  try {
    json document = json::parse(text, watch, true, true);
    if (too_deep) return absl::InvalidArgumentError(fmt::format("nested deeper than {} levels", kMaxDepth));
    if (!mistakes.empty()) return absl::InvalidArgumentError(mistakes);
    return document;
  } catch (const json::exception& error) {
    return absl::InvalidArgumentError(Explain(error.what()));
  }
}

}  // namespace mock_provider
