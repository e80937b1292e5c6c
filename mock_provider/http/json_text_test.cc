#include "mock_provider/http/json_text.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace mock_provider {
namespace {

TEST(JsonText, Utf8StaysRaw) { EXPECT_EQ(QuoteJson("Grüße 👋"), "\"Grüße 👋\""); }

TEST(JsonText, EveryAsciiCharacterReadsBackAsItself) {
  std::string all;
  for (char c = 0; c < 127; ++c) all += c;
  EXPECT_EQ(nlohmann::json::parse(QuoteJson(all)).get<std::string>(), all);
}

}  // namespace
}  // namespace mock_provider
