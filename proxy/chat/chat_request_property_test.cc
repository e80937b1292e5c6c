// Bodies broken at random, read by us and by another JSON library: what one takes and the other does not, or
// reads differently, is a way around a policy. ARBSTR_SEED=N repeats a run.

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <string>

#include "proxy/chat/chat_request.h"
#include "proxy/chat/parse_json.h"
#include "tools/testing/random_seed.h"

namespace arbstr::proxy {
namespace {

using Json = nlohmann::json;

constexpr int kBodies = 10'000;

const char* const kGood[] = {
    R"({"model":"gpt-4o","messages":[{"role":"user","content":"hi \u00e9\n"}],"stream":true})",
    R"({"messages":[{"role":"system","content":"a"},{"content":[{"type":"text","text":"b"}],"role":"user"}],"model":"m"})",
    R"( { "stream" : null , "model" : "x\"y" , "messages" : [ 5 , { "role" : "user" } , null ] , "n" : -1.5 } )",
    R"({"stream":false,"stream_options":{"include_usage":true},"messages":[[]],"model":"\ud83d\ude00","seed":12345678901234567890123})",
};

const char* const kPieces[] = {"\"",
                               "\\",
                               "{",
                               "}",
                               "[",
                               "]",
                               ",",
                               ":",
                               "0",
                               "-",
                               ".5",
                               "true",
                               "null",
                               "\"model\"",
                               "\"role\"",
                               "\"user\"",
                               "\\u0",
                               "\xc3\xa9",
                               "\xff",
                               "\n",
                               " ",
                               "12345678901234567890",
                               "\"stream\":true,",
                               "\x01",
                               "\"\""};

const char* const kMembers[] = {"\"model\":\"z\",", "\"messages\":[{}],", "\"role\":\"user\",",
                                "\"str\\u0065am\":true,"};

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : engine_(seed) {}
  size_t Below(size_t bound) { return engine_() % bound; }

  std::string Body() {
    std::string text = kGood[Below(std::size(kGood))];
    for (size_t faults = Below(4); faults > 0 && !text.empty(); --faults) {
      const size_t at = Below(text.size());
      switch (Below(5)) {
        case 4:  // a member more, often one that is there already
          text.insert(std::min(text.find('{', at), text.find('{')) + 1, kMembers[Below(std::size(kMembers))]);
          break;
        case 0:
          text.insert(at, kPieces[Below(std::size(kPieces))]);
          break;
        case 1:
          text.erase(at, 1 + Below(4));
          break;
        case 2:
          text.replace(at, 1, kPieces[Below(std::size(kPieces))]);
          break;
        case 3:
          text.insert(at, text.substr(Below(text.size()), 1 + Below(30)));
          break;
      }
    }
    return text;
  }

 private:
  std::mt19937_64 engine_;
};

std::string TextOf(const Json& message) {
  if (!message.contains("content")) return "";
  const Json& content = message["content"];
  if (content.is_string()) return content;
  if (!content.is_array()) return "";
  for (const Json& part : content) {
    if (part.is_object() && part.value("type", Json()) == "text" && part.value("text", Json()).is_string())
      return part["text"];
  }
  return "";
}

// By the words of the contract; nothing for a body that is invalid.
std::optional<ChatRequest> Reference(const std::string& text) {
  std::map<std::string, int> keys;  // of the body itself
  Json body;
  try {
    body = Json::parse(text, [&](int depth, Json::parse_event_t event, Json& key) {
      if (event == Json::parse_event_t::key && depth == 1) ++keys[key.get<std::string>()];
      return true;
    });
  } catch (const Json::parse_error&) {
    return std::nullopt;
  } catch (const Json::out_of_range&) {  // it looks at 1e999 in 1e999.5 before at what follows
    return std::nullopt;
  }
  if (!body.is_object()) return std::nullopt;
  for (const char* key : {"model", "messages", "stream", "stream_options"}) {
    if (keys[key] > 1) return std::nullopt;
  }
  const Json model = body.value("model", Json()), messages = body.value("messages", Json()),
             stream = body.value("stream", Json());
  if (!model.is_string() || model == "" || model.get<std::string>().find("\uFFFD") != std::string::npos ||
      !messages.is_array() || messages.empty())
    return std::nullopt;
  if (!stream.is_null() && !stream.is_boolean()) return std::nullopt;
  ChatRequest request;
  request.model = model;
  request.stream = stream == true;
  for (const Json& message : messages) {
    if (message.is_object() && message.value("role", Json()) == "user")
      request.last_user_text = TextOf(message);
  }
  return request;
}

TEST(ChatRequestPropertyTest, ABodyIsReadAsAnotherLibraryReadsIt) {
  const std::uint64_t seed = testing_tools::RandomSeed();
  Chance chance(seed);
  simdjson::dom::parser parser;
  int good = 0, bad = 0, twice = 0;
  for (int i = 0; i < kBodies; ++i) {
    const std::string text = chance.Body();
    BodyBuffer body(text.size());
    body.Append(text);
    const auto read = ReadChatRequest(body, parser);
    // The other library takes neither a number like 1e999 nor half a surrogate pair.
    const auto expected = Reference(std::string(Representable(text).view()));
    if (const auto* error = std::get_if<ApiError>(&read)) {
      // Inside of messages the other library takes the last of two.
      const bool given_twice = error->message.find("given twice") != std::string::npos;
      ASSERT_TRUE(given_twice || !expected) << "body " << i << ": " << text << "\n" << error->message;
      (given_twice ? twice : bad) += 1;
      continue;
    }
    const auto& request = std::get<ChatRequest>(read);
    ASSERT_TRUE(expected) << "body " << i << ": " << testing::PrintToString(text);
    ASSERT_EQ(request.model, expected->model) << text;
    ASSERT_EQ(request.stream, expected->stream) << text;
    ASSERT_EQ(request.last_user_text, expected->last_user_text) << text;
    ++good;
  }
  EXPECT_GT(good, kBodies / 10);
  EXPECT_GT(bad, kBodies / 10);
  EXPECT_GT(twice, kBodies / 100);
}

}  // namespace
}  // namespace arbstr::proxy
