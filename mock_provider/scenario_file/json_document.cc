#include "mock_provider/scenario_file/json_document.h"

#include <fmt/format.h>

#include <set>
#include <vector>

namespace mock_provider {
namespace {

using nlohmann::json;

constexpr int kMaxDepth = 64;

// Where the parser stands: the objects and arrays that are open, the outermost first.
class OpenValues {
 public:
  // False for a key that its object has already.
  bool Follow(json::parse_event_t event, const json& parsed) {
    using Event = json::parse_event_t;
    switch (event) {
      case Event::key:
        values_.back().key = parsed.get<std::string>();
        return values_.back().keys.insert(values_.back().key).second;
      case Event::object_start:
      case Event::array_start:
        CountElement();
        values_.push_back({.is_array = event == Event::array_start, .elements = 0, .key = "", .keys = {}});
        return true;
      case Event::object_end:
      case Event::array_end:
        values_.pop_back();
        return true;
      case Event::value:
        CountElement();
        return true;
    }
    return true;
  }

  // Of the latest key or element: "providers[0].rules[2].name".
  std::string Path() const {
    std::string path;
    for (const Value& value : values_) {
      if (value.is_array) {
        path += fmt::format("[{}]", value.elements - 1);
      } else {
        path += (path.empty() ? "" : ".") + value.key;
      }
    }
    return path;
  }

 private:
  struct Value {
    bool is_array = false;
    std::size_t elements = 0;  // begun so far
    std::string key{};         // the latest
    std::set<std::string> keys{};
  };

  void CountElement() {
    if (!values_.empty() && values_.back().is_array) ++values_.back().elements;
  }

  std::vector<Value> values_;
};

// The parser's own words end with what a reader needs: "parse error at line 3, column 5: …".
std::string Explain(const std::string& what) {
  const std::size_t end = what.find("] ");
  return "not JSON: " + (end == what.npos ? what : what.substr(end + 2));
}

}  // namespace

absl::StatusOr<json> ParseJsonDocument(const std::string& text) {
  OpenValues open;
  std::string mistakes;
  bool too_deep = false;
  const auto watch = [&](int depth, json::parse_event_t event, json& parsed) {
    too_deep = too_deep || depth > kMaxDepth;
    if (!too_deep && !open.Follow(event, parsed))
      mistakes += fmt::format("{}{}: is given twice", mistakes.empty() ? "" : "\n", open.Path());
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
