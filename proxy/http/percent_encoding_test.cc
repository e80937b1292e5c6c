#include "proxy/http/percent_encoding.h"

#include <gtest/gtest.h>

namespace arbstr::proxy {
namespace {

using Parameters = std::vector<std::pair<std::string, std::string>>;

TEST(PercentEncodingTest, EscapesAreBytesAndAnythingElseStays) {
  EXPECT_EQ(PercentDecoded("a%2Fb%20c"), "a/b c");
  EXPECT_EQ(PercentDecoded("a+b"), "a+b");
  EXPECT_EQ(PercentDecoded("%"), "%");
  EXPECT_EQ(PercentDecoded("%4"), "%4");
  EXPECT_EQ(PercentDecoded("%zz%41"), "%zzA");
  EXPECT_EQ(PercentDecoded("%25%34%31"), "%41");
}

TEST(PercentEncodingTest, WhatIsEncodedIsDecodedToItself) {
  EXPECT_EQ(PercentEncoded("a-Z_0.9~ /+=\xff"), "a-Z_0.9~%20%2F%2B%3D%FF");
  std::string every;
  for (int byte = 0; byte < 256; ++byte) every += static_cast<char>(byte);
  EXPECT_EQ(PercentDecoded(PercentEncoded(every)), every);
  EXPECT_EQ(FormDecoded(PercentEncoded(every)), every);
}

TEST(PercentEncodingTest, ParametersAreReadAsAFormSendsThem) {
  EXPECT_EQ(QueryParameters("/v1/stats?model=org%2Fa+b%2B&page=2"),
            (Parameters{{"model", "org/a b+"}, {"page", "2"}}));
  EXPECT_EQ(QueryParameters("http://gateway/x?a=1#b=2"), (Parameters{{"a", "1"}}));
  EXPECT_EQ(QueryParameters("/x?a==&b&=c&&a=2"), (Parameters{{"a", "="}, {"b", ""}, {"", "c"}, {"a", "2"}}));
  EXPECT_EQ(QueryParameters("/x?%61%3D=%26"), (Parameters{{"a=", "&"}}));
}

TEST(PercentEncodingTest, WithoutAQueryThereAreNone) {
  for (const char* target : {"", "/x", "/x?", "/x?&&", "/x#?a=1"}) {
    EXPECT_TRUE(QueryParameters(target).empty()) << target;
  }
}

}  // namespace
}  // namespace arbstr::proxy
