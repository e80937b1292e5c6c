#include "proxy/chat/body_splice.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "proxy/chat/parse_json.h"
#include "proxy/http/json_text.h"

namespace arbstr::proxy {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::string_view kIncludeUsage = R"("include_usage":true)";

// The longest key that is looked for, each character of it an escape.
constexpr size_t kMostKeyBytes =
    std::string_view("stream_options").size() * std::string_view("\\u0061").size();

// Reads the keys of a document of `parser`, in memory that simdjson need not ask for: what it does not get,
// it writes to all the same.
class KeyReader {
 public:
  explicit KeyReader(const ondemand::parser& parser) : parser_(parser) {}

  // Valid until the next one. Empty: too long to be looked for, or with half a surrogate pair.
  std::string_view Read(ondemand::field& field) {
    const ondemand::raw_json_string raw = field.key();
    size_t size = 0;
    while (size < kMostKeyBytes && raw.raw()[size] != '"') size += raw.raw()[size] == '\\' ? 2 : 1;
    if (size > kMostKeyBytes || raw.raw()[size] != '"') return {};
    uint8_t* end = room_.data();
    std::string_view key;
    return parser_.unescape(raw, end).get(key) == simdjson::SUCCESS ? key : std::string_view();
  }

 private:
  const ondemand::parser& parser_;
  std::array<uint8_t, kMostKeyBytes + simdjson::SIMDJSON_PADDING> room_;
};

std::string_view TrimEnd(std::string_view token) {
  return token.substr(0, token.find_last_not_of(" \t\r\n") + 1);
}

// An object's raw text, with a member put before its first one.
BodyEdit InsertMember(size_t brace_offset, std::string_view object, std::string_view member) {
  const size_t first = object.find_first_not_of(" \t\r\n", 1);
  const bool empty = first != object.npos && object[first] == '}';
  return {brace_offset + 1, 0, std::string(member) + (empty ? "" : ",")};
}

// The edit of a stream_options object, at `offset` of `text`: include_usage true where it is absent or null.
// Any other value is the client's, and the provider's to judge.
std::optional<BodyEdit> EditOptions(ondemand::value& options, size_t offset, std::string_view text,
                                    KeyReader& keys) {
  ondemand::object members;
  if (options.get_object().get(members) != simdjson::SUCCESS) return std::nullopt;
  for (auto member : members) {
    ondemand::field field;
    if (std::move(member).get(field) != simdjson::SUCCESS) return std::nullopt;
    const bool wanted = keys.Read(field) == "include_usage";
    ondemand::value value = field.value();
    if (!wanted) continue;
    const size_t value_offset = static_cast<size_t>(value.raw_json_token().data() - text.data());
    if (!text.substr(value_offset).starts_with("null")) return std::nullopt;
    return BodyEdit{value_offset, 4, "true"};
  }
  return InsertMember(offset, text.substr(offset), kIncludeUsage);
}

}  // namespace

BodyPlaces FindPlaces(const BodyBuffer& body) {
  BodyPlaces places;
  ondemand::parser parser;
  ondemand::document document;
  ondemand::object object;
  const std::string_view text = body.view();
  const auto error =
      parser.iterate(text.data(), text.size(), text.size() + BodyBuffer::kPadding).get(document);
  ThrowWhereNoMemory(error);
  if (error != simdjson::SUCCESS || document.get_object().get(object) != simdjson::SUCCESS) return places;
  KeyReader keys(parser);
  bool options_found = false;
  for (auto member : object) {
    ondemand::field field;
    if (std::move(member).get(field) != simdjson::SUCCESS) return places;
    const std::string_view key = keys.Read(field);
    ondemand::value value = field.value();
    if (key == "model") {
      const std::string_view raw = TrimEnd(value.raw_json_token());
      places.model = BodyEdit{static_cast<size_t>(raw.data() - text.data()), raw.size(), ""};
    } else if (key == "stream_options") {
      options_found = true;
      const size_t offset = static_cast<size_t>(value.raw_json_token().data() - text.data());
      ondemand::json_type type;
      if (value.type().get(type) != simdjson::SUCCESS) break;
      if (type == ondemand::json_type::null) {
        places.include_usage = BodyEdit{offset, 4, "{" + std::string(kIncludeUsage) + "}"};
      } else if (type == ondemand::json_type::object) {
        places.include_usage = EditOptions(value, offset, text, keys);
      }
    }
  }
  if (!options_found) {
    places.include_usage = InsertMember(text.find('{'), text.substr(text.find('{')),
                                        "\"stream_options\":{" + std::string(kIncludeUsage) + "}");
  }
  return places;
}

std::vector<std::string_view> SpliceBody(const BodyBuffer& body, const BodyChanges& changes,
                                         std::string& replacements, const BodyPlaces* places) {
  if (changes.model == nullptr && !changes.include_usage) return {body.view()};
  BodyPlaces found;
  if (places == nullptr) {
    found = FindPlaces(body);
    places = &found;
  }
  std::vector<BodyEdit> edits;
  if (changes.include_usage && places->include_usage) edits.push_back(*places->include_usage);
  if (changes.model != nullptr && places->model) {
    edits.push_back(*places->model);
    edits.back().text = JsonText(nlohmann::json(*changes.model));
  }
  std::ranges::sort(edits, {}, &BodyEdit::offset);
  replacements.clear();
  for (const BodyEdit& edit : edits) replacements += edit.text;

  std::vector<std::string_view> pieces;
  size_t body_at = 0, text_at = 0;
  for (const BodyEdit& edit : edits) {
    pieces.push_back(body.view().substr(body_at, edit.offset - body_at));
    pieces.push_back(std::string_view(replacements).substr(text_at, edit.text.size()));
    body_at = edit.offset + edit.length;
    text_at += edit.text.size();
  }
  pieces.push_back(body.view().substr(body_at));
  return pieces;
}

}  // namespace arbstr::proxy
