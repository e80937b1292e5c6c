#include "proxy/chat/json_members.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string_view>

namespace arbstr::proxy {
namespace {

namespace dom = simdjson::dom;

class JsonMembersTest : public testing::Test {
 protected:
  dom::object Parse(std::string_view text) {
    dom::object object;
    EXPECT_EQ(parser_.parse(text).get(object), simdjson::SUCCESS) << text;
    return object;
  }

 private:
  dom::parser parser_;
};

TEST_F(JsonMembersTest, EachIsFoundWhereverItStands) {
  for (const char* text : {R"({"a":1,"b":"x"})", R"({"b":"x","c":{"a":2,"b":[]},"a":1})",
                           R"({"ab":[{"a":2}],"":0,"\u0061":1,"b":"x","aa":3})"}) {
    const auto [a, b] = FindMembers(Parse(text), "a", "b");
    EXPECT_EQ(As<int64_t>(a), 1) << text;
    EXPECT_EQ(As<std::string_view>(b), "x") << text;
  }
}

TEST_F(JsonMembersTest, OfTwoOfOneNameItIsTheFirst) {
  const auto [a] = FindMembers(Parse(R"({"a":null,"a":1})"), "a");
  ASSERT_TRUE(a);
  EXPECT_TRUE(a->is_null());
}

TEST_F(JsonMembersTest, WhatIsNotThereOrOfAnotherKindIsNothing) {
  const auto [a, b] = FindMembers(Parse(R"({"a":"1"})"), "a", "b");
  EXPECT_TRUE(a);
  EXPECT_FALSE(b);
  EXPECT_FALSE(As<int64_t>(a));
  EXPECT_FALSE(As<dom::object>(a));
  EXPECT_FALSE(As<int64_t>(b));
  EXPECT_FALSE(FindMembers(Parse("{}"), "a")[0]);
}

}  // namespace
}  // namespace arbstr::proxy
