#include "proxy/chat/request_deadline.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace arbstr::proxy {
namespace {

using std::chrono::milliseconds;

RetryConfig Config() {
  RetryConfig config;
  config.deadline = milliseconds(30'000);
  config.max_deadline = milliseconds(600'000);
  config.deadline_by_model = {{"o3*", milliseconds(500'000)}, {"o*", milliseconds(40'000)}};
  config.first_event = milliseconds(111);
  return config;
}

std::variant<RequestDeadline, ApiError> Read(const std::string& fields, const std::string& model,
                                             bool stream = false) {
  RequestParser head(4096);
  EXPECT_EQ(head.PutHead("POST / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n").status, ParseStatus::kDone);
  ChatRequest request;
  request.model = model;
  request.stream = stream;
  static const RetryConfig config = Config();  // what is read looks into it
  return ReadRequestDeadline(config, head, request);
}

RequestDeadline Good(const std::string& fields, const std::string& model, bool stream = false) {
  auto read = Read(fields, model, stream);
  if (const auto* error = std::get_if<ApiError>(&read)) {
    ADD_FAILURE() << error->message;
    return {};
  }
  return std::get<RequestDeadline>(read);
}

TEST(RequestDeadlineTest, TheHeaderComesBeforeTheModelAndTheModelBeforeTheRest) {
  EXPECT_EQ(Good("", "gpt-4o").time, milliseconds(30'000));
  EXPECT_EQ(Good("", "gpt-4o").limit(), "30000 ms (retry.deadline_ms)");
  EXPECT_EQ(Good("", "o3-mini").time, milliseconds(500'000));
  EXPECT_EQ(Good("", "o3-mini").limit(), "500000 ms (retry.deadline_by_model, o3*)");
  EXPECT_EQ(Good("", "o1").time, milliseconds(40'000));
  EXPECT_EQ(Good("X-Arbstr-Deadline-Ms: 1\r\n", "o3").time, milliseconds(1));
  EXPECT_EQ(Good("x-arbstr-deadline-ms:  600000 \r\n", "o3").time, milliseconds(600'000));
  EXPECT_EQ(Good("x-arbstr-deadline-ms: 5\r\n", "o3").limit(), "5 ms (x-arbstr-deadline-ms)");
}

// By it a provider is judged that a client gave less time.
TEST(RequestDeadlineTest, WhatIsUsualIsTheModelsWhateverTheHeaderSays) {
  EXPECT_EQ(Good("x-arbstr-deadline-ms: 5\r\n", "gpt-4o").usual, milliseconds(30'000));
  EXPECT_EQ(Good("x-arbstr-deadline-ms: 5\r\n", "o3").usual, milliseconds(500'000));
  EXPECT_FALSE(Good("x-arbstr-deadline-ms: 500000\r\n", "o3").is_shortened());
  EXPECT_TRUE(Good("x-arbstr-deadline-ms: 499999\r\n", "o3").is_shortened());
}

TEST(RequestDeadlineTest, TwoHeadersAreOneTooMany) {
  const auto read = Read("x-arbstr-deadline-ms: 5\r\nX-Arbstr-Deadline-Ms: 5\r\n", "o3");
  ASSERT_TRUE(std::holds_alternative<ApiError>(read));
  EXPECT_EQ(std::get<ApiError>(read).code, "invalid_deadline");
}

TEST(RequestDeadlineTest, AStreamsClockEndsWithItsFirstEvent) {
  EXPECT_EQ(Good("", "o3", true).time, milliseconds(111));
  EXPECT_EQ(Good("", "o3", true).limit(), "111 ms (retry.first_event_ms)");
}

TEST(RequestDeadlineTest, AStreamThatIsRetriedHasAPlainRequestsClock) {
  RetryConfig config = Config();
  config.streaming = StreamingRetry::kBeforeFirstToken;
  ChatRequest request;
  request.stream = true;
  const auto time = [&](const std::string& fields, const std::string& model) {
    RequestParser head(4096);
    EXPECT_EQ(head.PutHead("POST / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n").status, ParseStatus::kDone);
    request.model = model;
    const auto read = ReadRequestDeadline(config, head, request);
    return std::get<RequestDeadline>(read).time;
  };
  EXPECT_EQ(time("", "gpt-4o"), milliseconds(30'000));
  EXPECT_EQ(time("", "o3"), milliseconds(500'000));
  EXPECT_EQ(time("x-arbstr-deadline-ms: 7\r\n", "o3"), milliseconds(7));
}

TEST(RequestDeadlineTest, AnyOtherHeaderIsTheClientsMistake) {
  for (const char* value :
       {"0", "-1", "600001", "", "1.5", "1e3", "+5", "5 5", "0x5", "5ms", "99999999999999999999"}) {
    for (const bool stream : {false, true}) {
      const auto read = Read(std::string("x-arbstr-deadline-ms: ") + value + "\r\n", "m", stream);
      const auto* error = std::get_if<ApiError>(&read);
      ASSERT_NE(error, nullptr) << value;
      EXPECT_EQ(error->status, 400);
      EXPECT_NE(error->message.find("600000"), std::string::npos) << error->message;
    }
  }
}

TEST(MatchesGlobTest, AStarIsAnyTextAndAQuestionMarkOneCharacter) {
  for (const auto& [glob, text] : {std::pair("", ""),
                                   {"*", ""},
                                   {"*", "abc"},
                                   {"a*", "a"},
                                   {"a*c", "abbc"},
                                   {"*b*", "abc"},
                                   {"?", "x"},
                                   {"a?c", "abc"},
                                   {"**", "x"},
                                   {"a*b*c", "a-b-b-c"},
                                   {"o3*", "o3"},
                                   {"*/gpt-?o*", "openai/gpt-4o-mini"},
                                   {"[a]", "[a]"}}) {
    EXPECT_TRUE(MatchesGlob(glob, text)) << glob << " " << text;
  }
  for (const auto& [glob, text] : {std::pair("", "a"),
                                   {"a", ""},
                                   {"?", ""},
                                   {"a*", "ba"},
                                   {"a*c", "abcd"},
                                   {"a?c", "ac"},
                                   {"o3*", "O3"},
                                   {"*b", "ba"},
                                   {"a*b*c", "acb"}}) {
    EXPECT_FALSE(MatchesGlob(glob, text)) << glob << " " << text;
  }
}

// By the words of the rule, exponential and obvious.
bool Reference(std::string_view glob, std::string_view text) {
  if (glob.empty()) return text.empty();
  if (glob[0] == '*')
    return Reference(glob.substr(1), text) || (!text.empty() && Reference(glob, text.substr(1)));
  return !text.empty() && (glob[0] == '?' || glob[0] == text[0]) && Reference(glob.substr(1), text.substr(1));
}

TEST(MatchesGlobTest, RandomGlobsMatchWhatTheReferenceSays) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 engine(seed);
  const auto word = [&](const char* letters, size_t count) {
    std::string text;
    for (size_t length = engine() % 8; length > 0; --length) text.push_back(letters[engine() % count]);
    return text;
  };
  int matched = 0;
  for (int i = 0; i < 50'000; ++i) {
    const std::string glob = word("ab*?", 4), text = word("ab", 2);
    ASSERT_EQ(MatchesGlob(glob, text), Reference(glob, text)) << glob << " " << text;
    matched += MatchesGlob(glob, text);
  }
  EXPECT_GT(matched, 1000);
}

TEST(MatchesGlobTest, ManyStarsDoNotTakeForEver) {
  std::string glob;
  for (int i = 0; i < 1000; ++i) glob += "*a";
  EXPECT_FALSE(MatchesGlob(glob + "b", std::string(10'000, 'a')));
}

}  // namespace
}  // namespace arbstr::proxy
