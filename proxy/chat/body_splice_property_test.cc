// Random bodies, spliced: the result is compared with what another JSON library makes of the same change, and
// the untouched rest byte for byte. ARBSTR_SEED=N repeats a run.

#include <gtest/gtest.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "proxy/chat/body_splice.h"
#include "tools/testing/random_seed.h"

namespace arbstr::proxy {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kBodies = 5'000;

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : engine_(seed) {}
  size_t Below(size_t bound) { return engine_() % bound; }
  bool OneIn(size_t n) { return Below(n) == 0; }

  std::string Space() {
    std::string space;
    while (OneIn(3)) space += " \n\t\r"[Below(4)];
    return space;
  }

  std::string Text() {
    static const char* const kPieces[] = {
        "a",        "\\\"",  "\\\\",          "{",   "}",   "[",   "]", ":", ",", "\\u0041", "\\ud83d\\ude00",
        "\xc3\xa9", "model", "include_usage", "\\n", "\\/", "null"};
    std::string text = "\"";
    for (size_t pieces = Below(5); pieces > 0; --pieces) text += kPieces[Below(std::size(kPieces))];
    return text + "\"";
  }

  std::string Value(int depth) {
    switch (Below(depth > 0 ? 7 : 5)) {
      case 0:
        return Text();
      case 1:
        return std::to_string(static_cast<int>(Below(2000)) - 1000);
      case 2:
        return OneIn(2) ? "-0.5e-3" : "1E2";
      case 3:
        return OneIn(2) ? "true" : "false";
      case 4:
        return "null";
      case 5: {
        std::string array = "[" + Space();
        for (size_t count = Below(4), i = 0; i < count; ++i)
          array += (i ? "," : "") + Space() + Value(depth - 1) + Space();
        return array + "]";
      }
      default: {
        std::vector<std::string> members;
        for (size_t count = Below(4); count > 0; --count)
          members.push_back(Member("\"k" + std::to_string(count) + "\"", Value(depth - 1)));
        return Object(std::move(members));
      }
    }
  }

  std::string Member(const std::string& key, const std::string& value) {
    return Space() + key + Space() + ":" + Space() + value + Space();
  }

  std::string Object(std::vector<std::string> members) {
    std::shuffle(members.begin(), members.end(), engine_);
    std::string object = "{";
    for (const std::string& member : members) object += (object.size() > 1 ? "," : "") + member;
    return object + (members.empty() ? Space() : "") + "}";
  }

  // A valid body; `options` is set to the value of its stream_options, empty where there are none.
  std::string Body(std::string& options) {
    std::vector<std::string> members = {
        Member(OneIn(5) ? "\"mod\\u0065l\"" : "\"model\"", "\"m" + Text().substr(1)),
        Member("\"messages\"", "[" + Value(2) + "]")};
    for (size_t others = Below(4); others > 0; --others)
      members.push_back(Member("\"other" + std::to_string(others) + "\"", Value(3)));
    options.clear();
    if (OneIn(2)) {
      std::vector<std::string> inner;
      if (OneIn(3)) inner.push_back(Member("\"include_usage\"", OneIn(2) ? "null" : Value(1)));
      for (size_t others = Below(3); others > 0; --others)
        inner.push_back(Member("\"o" + std::to_string(others) + "\"", Value(2)));
      options = OneIn(4) ? Value(1) : Object(inner);
      members.push_back(Member("\"stream_options\"", options));
    }
    return Space() + Object(members) + Space();
  }

 private:
  std::mt19937_64 engine_;
};

Json Expected(Json body, const BodyChanges& changes) {
  if (changes.model != nullptr) body["model"] = *changes.model;
  if (!changes.include_usage) return body;
  Json& options = body["stream_options"];  // null where it is absent
  if (options.is_null()) options = Json::object();
  if (options.is_object() && (!options.contains("include_usage") || options["include_usage"].is_null())) {
    options["include_usage"] = true;
  }
  return body;
}

size_t CountKeys(const std::string& text) {
  size_t keys = 0;
  const Json parsed = Json::parse(text, [&](int, Json::parse_event_t event, Json&) {
    keys += event == Json::parse_event_t::key;
    return true;
  });
  return parsed.is_object() ? keys : 0;
}

TEST(BodySplicePropertyTest, TheResultDiffersInTheTwoChangesAlone) {
  const std::uint64_t seed = testing_tools::RandomSeed();
  Chance chance(seed);
  const std::string model = "name \"of\" theirs";
  std::string replacements;
  for (int i = 0; i < kBodies; ++i) {
    std::string options;
    const std::string text = chance.Body(options);
    const BodyChanges changes{chance.OneIn(2) ? &model : nullptr, chance.OneIn(2)};
    BodyBuffer body(text.size());
    body.Append(text);
    std::string result;
    std::string kept;  // the pieces that are the body's own
    for (const std::string_view piece : SpliceBody(body, changes, replacements)) {
      result += piece;
      const bool own = piece.data() >= body.view().data() && piece.data() <= body.view().data() + body.size();
      if (own) kept += piece;
    }
    const Json parsed = Json::parse(text);
    // Compared without order: an ordered_json keeps a key's first place, ours goes to the front.
    ASSERT_EQ(nlohmann::json::parse(result), nlohmann::json(Expected(parsed, changes)))
        << "body " << i << "\n"
        << text << "\n"
        << result;
    // No key twice: with one removed, another library would see a different number of members.
    ASSERT_EQ(CountKeys(result), CountKeys(Expected(parsed, changes).dump())) << result;
    // What is kept is the body but for at most the model's value and a null or two.
    ASSERT_LE(kept.size(), text.size());
    if (changes.model == nullptr) {
      ASSERT_GE(kept.size() + 4, text.size()) << text << "\n" << result;
    }
    size_t at = 0;
    for (const char c : kept) {
      at = text.find(c, at);
      ASSERT_NE(at, std::string::npos) << text << "\n" << result;
      ++at;
    }
  }
}

}  // namespace
}  // namespace arbstr::proxy
