#include "mock_provider/scenario_file/json_document.h"

#include <fmt/format.h>

#include <cstddef>
#include <set>
#include <vector>

namespace mock_provider {
namespace {

using json = nlohmann::ordered_json;

constexpr std::size_t kMaxDepth = 64;
// Of one object: one that keeps their order looks through all of them for each.
constexpr std::size_t kMostMembers = 10'000;
constexpr std::size_t kMostMistakes = 20;  // each may tell a path as long as the text

// Follows the parser to find keys that are given twice, how deep the text goes, and how wide.
class Watch : public json::json_sax_t {
 public:
  bool too_deep() const { return too_deep_; }
  bool too_wide() const { return too_wide_; }
  const std::string& mistakes() const { return mistakes_; }
  bool too_many() const { return found_ > kMostMistakes; }  // it went no further then

  bool null() override { return Element(); }
  bool boolean(bool) override { return Element(); }
  bool number_integer(number_integer_t) override { return Element(); }
  bool number_unsigned(number_unsigned_t) override { return Element(); }
  bool number_float(number_float_t, const string_t&) override { return Element(); }
  bool string(string_t&) override { return Element(); }
  bool binary(binary_t&) override { return Element(); }
  bool start_object(std::size_t) override { return Open(false); }
  bool end_object() override { return Close(); }
  bool start_array(std::size_t) override { return Open(true); }
  bool end_array() override { return Close(); }
  bool parse_error(std::size_t, const std::string&, const json::exception&) override { return false; }

  bool key(string_t& name) override {
    Value& object = open_.back();
    object.key = name;
    if (!object.keys.insert(name).second) AddMistake();
    too_wide_ = object.keys.size() > kMostMembers;
    return !too_wide_ && !too_many();
  }

 private:
  // An object or an array that is open.
  struct Value {
    bool is_array = false;
    std::size_t elements = 0;  // begun so far
    std::string key{};         // the latest
    std::set<std::string> keys{};
  };

  void AddMistake() {
    ++found_;
    if (too_many()) {
      mistakes_ += "\nand more";
    } else {
      mistakes_ += fmt::format("{}{}: is given twice", mistakes_.empty() ? "" : "\n", Path());
    }
  }

  bool Element() {
    too_deep_ = too_deep_ || open_.size() > kMaxDepth;
    if (!open_.empty() && open_.back().is_array) ++open_.back().elements;
    return !too_deep_;
  }

  bool Open(bool is_array) {
    if (!Element()) return false;
    open_.push_back({.is_array = is_array, .elements = 0, .key = "", .keys = {}});
    return true;
  }

  bool Close() {
    open_.pop_back();
    return true;
  }

  // Of the latest key: "providers[0].rules[2].name".
  std::string Path() const {
    std::string path;
    for (const Value& value : open_) {
      if (value.is_array) {
        path += fmt::format("[{}]", value.elements - 1);
      } else {
        path += (path.empty() ? "" : ".") + value.key;
      }
    }
    return path;
  }

  std::vector<Value> open_;  // the outermost first
  std::size_t found_ = 0;
  std::string mistakes_;
  bool too_deep_ = false;
  bool too_wide_ = false;
};

// The parser's own words end with what a reader needs: "parse error at line 3, column 5: …".
std::string Explain(const std::string& what) {
  const std::size_t end = what.find("] ");
  return "not JSON: " + (end == what.npos ? what : what.substr(end + 2));
}

}  // namespace

absl::StatusOr<json> ParseJsonDocument(const std::string& text) {
  // Before the text becomes a value: a parser that is watched while it makes one looks through an array again
  // at the end of each object in it.
  Watch watch;
  json::sax_parse(text, &watch, json::input_format_t::json, true, true);
  if (watch.too_deep())
    return absl::InvalidArgumentError(fmt::format("nested deeper than {} levels", kMaxDepth));
  if (watch.too_wide())
    return absl::InvalidArgumentError(fmt::format("an object of more than {} members", kMostMembers));
  if (watch.too_many()) return absl::InvalidArgumentError(watch.mistakes());
  try {
    json document = json::parse(text, nullptr, true, true);
    if (!watch.mistakes().empty()) return absl::InvalidArgumentError(watch.mistakes());
    return document;
  } catch (const json::exception& error) {
    return absl::InvalidArgumentError(Explain(error.what()));
  }
}

}  // namespace mock_provider
