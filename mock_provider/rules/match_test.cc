#include "mock_provider/rules/match.h"

#include <gtest/gtest.h>

namespace mock_provider {
namespace {

const HttpRequest kRequest = {
    .method = "POST",
    .target = "/v1/chat/completions?x=1",
    .headers = {{"x-test-id", "case-7"}, {"x-test-id", "case-8"}},
    .body = R"({"model":"gpt-4o","stream":true,"metadata":{"case":"drip","n":1,"tags":["a","b"]},)"
            R"("messages":[{"role":"user","content":"tell me a joke"},)"
            R"({"role":"user","content":[{"type":"text","text":"a short one"}]}]})"};

bool Fits(const Match& match) { return Matches(match, kRequest, ReadChatRequest(kRequest.body)); }

TEST(Match, AnEmptyOneFitsAnything) { EXPECT_TRUE(Fits({})); }

TEST(Match, MethodAndPathAreGlobsAndTheQueryIsNoPartOfThePath) {
  EXPECT_TRUE(Fits({.method = "P*", .path = "*/chat/completions"}));
  EXPECT_FALSE(Fits({.method = "GET"}));
  EXPECT_FALSE(Fits({.path = "*x=1"}));
}

TEST(Match, APathWithAQuestionMarkIsOneWithItsQueryToo) {
  EXPECT_TRUE(Fits({.path = "/v1/chat/completions?x=1"}));
  EXPECT_TRUE(Fits({.path = "*/completions?x=*"}));
  EXPECT_TRUE(Fits({.path = "/v?/chat/completions"})) << "or any one byte of the path";
  EXPECT_FALSE(Fits({.path = "/v1/chat/completions?x=2"}));
}

TEST(Match, ModelStreamAndPromptAreReadFromTheBody) {
  EXPECT_TRUE(Fits({.model = "gpt*", .stream = true, .prompt_contains = "short"}));
  EXPECT_FALSE(Fits({.model = "claude*"}));
  EXPECT_FALSE(Fits({.stream = false}));
  EXPECT_FALSE(Fits({.prompt_contains = "Joke"}));
}

TEST(Match, AHeaderFitsInAnyCaseOfItsNameAndWithAnyOfItsValues) {
  EXPECT_TRUE(Fits({.headers = {{"X-Test-Id", "case-8"}}}));
  EXPECT_FALSE(Fits({.headers = {{"x-test-id", "case-9"}}}));
  EXPECT_FALSE(Fits({.headers = {{"x-other", "*"}}}));
}

TEST(Match, ABodyValueIsAGlobForTextAndEqualForAllElse) {
  EXPECT_TRUE(Fits({.body = {{"/metadata/case", R"("dr*")"}, {"/metadata/n", "1.0"}}}));
  EXPECT_TRUE(Fits({.body = {{"/metadata/tags", R"(["a","b"])"}, {"/metadata/tags/1", R"("b")"}}}));
  EXPECT_FALSE(Fits({.body = {{"/metadata/n", "2"}}}));
  EXPECT_FALSE(Fits({.body = {{"/metadata/n", R"("1")"}}}));
  EXPECT_FALSE(Fits({.body = {{"/metadata/none", "null"}}}));
}

TEST(Match, ARequestWithoutAJsonBodyIsAskedLikeAnyOther) {
  const HttpRequest request{.method = "GET", .target = "/v1/models"};
  EXPECT_TRUE(Matches({.path = "/v1/models"}, request, ReadChatRequest("")));
  EXPECT_FALSE(Matches({.body = {{"/x", "1"}}}, request, ReadChatRequest("")));
  EXPECT_TRUE(Matches({.stream = false}, request, ReadChatRequest("")));
}

TEST(Match, CountersAreKeptPerHeaderBodyValueOrConnection) {
  using Source = Key::Source;
  EXPECT_EQ(KeyValue({}, kRequest, 5), "");
  EXPECT_EQ(KeyValue({.source = Source::kHeader, .name = "X-Test-Id"}, kRequest, 5), "case-7");
  EXPECT_EQ(KeyValue({.source = Source::kHeader, .name = "x-none"}, kRequest, 5), "");
  EXPECT_EQ(KeyValue({.source = Source::kBody, .name = "/metadata/case"}, kRequest, 5), "drip");
  EXPECT_EQ(KeyValue({.source = Source::kBody, .name = "/metadata/n"}, kRequest, 5), "1");
  EXPECT_EQ(KeyValue({.source = Source::kConnection, .name = ""}, kRequest, 5), "5");
}

}  // namespace
}  // namespace mock_provider
