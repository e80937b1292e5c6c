#include "proxy/chat/parse_json.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <new>
#include <optional>
#include <random>
#include <string>

#include "tools/testing/random_seed.h"

namespace {

// How often memory is still given to who asks for it as simdjson does; nothing: always.
std::optional<int> left_to_give;

}  // namespace

void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  if (left_to_give && (*left_to_give)-- <= 0) return nullptr;
  try {
    return ::operator new[](size);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

namespace arbstr::proxy {
namespace {

namespace dom = simdjson::dom;
using namespace std::string_literals;

std::string Changed(const std::string& json) { return std::string(Representable(json).view()); }

// simdjson reads behind the end.
dom::element Parsed(std::string json, dom::parser& parser) {
  json.reserve(json.size() + simdjson::SIMDJSON_PADDING);
  dom::element root;
  EXPECT_EQ(ParseJson(json, parser).get(root), simdjson::SUCCESS) << json;
  return root;
}

TEST(ParseJsonTest, ANumberBeyondAllLimitsIsTheLargestOfTheSameLength) {
  EXPECT_EQ(Changed("[18446744073709551616]"), "[1e308               ]");
  EXPECT_EQ(Changed(R"({"a":-9223372036854775809,"b":2e308})"), R"({"a":-1e308              ,"b":1e308})");
  EXPECT_EQ(Changed("[1E+999,-1.0e400]"), "[1e308 ,-1e308  ]");
}

TEST(ParseJsonTest, OfManyDigitsThereAreTheFirstSixteen) {
  EXPECT_EQ(Changed("[1.2345678901234567891e300]"), "[1.234567890123456e300    ]");
  EXPECT_EQ(Changed("[-0.00012345678901234567890]"), "[-1.234567890123456e-4     ]");
  EXPECT_EQ(Changed("[12345678901234567890.5,1.5]"), "[1.234567890123456e19  ,1.5]");
  EXPECT_EQ(Changed("[98765432109876543210e-5]"), "[9.876543210987654e14   ]");
  EXPECT_EQ(Changed("[12345678901234567890e-99999999999999999999]"),
            "[1.234567890123456e-1152921504606846957    ]");
  EXPECT_EQ(Changed("[0.00000000000000000000e9]"), "[0.00000000000000000000e9]");
}

// simdjson reads numbers of up to 18 digits at once, and takes a thousand times as long for others.
TEST(ParseJsonTest, NoNumberIsLeftThatTakesLong) {
  const std::uint64_t seed = testing_tools::RandomSeed();
  std::mt19937_64 random(seed);
  dom::parser parser;
  for (int i = 0; i < 20'000; ++i) {
    std::string number = random() % 2 == 0 ? "-" : "";
    number += static_cast<char>('1' + random() % 9);
    for (auto more = random() % 40; more > 0; --more) number += static_cast<char>('0' + random() % 10);
    if (random() % 2 == 0)
      number = "0." + std::string(random() % 5, '0') + number.substr(number.find_first_not_of('-'));
    else if (random() % 3 > 0)
      number += "." + std::to_string(random());
    if (random() % 2 == 0) number += "e" + std::to_string(static_cast<int>(random() % 600) - 300);
    SCOPED_TRACE(number);
    const std::string changed = Changed("[" + number + "]");
    ASSERT_EQ(changed.size(), number.size() + 2);
    const std::string mantissa = changed.substr(1, changed.find_first_of("e ]") - 1);
    const size_t first = mantissa.find_first_of("123456789");
    if (changed.find_first_of(".e") != changed.npos) {
      EXPECT_LE(std::ranges::count_if(mantissa.substr(first), [](char c) { return c != '.'; }), 18);
    }
    std::string padded = "[" + number + "]";
    padded.reserve(padded.size() + simdjson::SIMDJSON_PADDING);
    double read = 0;
    ASSERT_EQ(ParseJson(padded, parser).at(0).get(read), simdjson::SUCCESS);
    const double value = std::strtod(number.c_str(), nullptr);
    const double most = number.starts_with('-') ? -kBeyondLimits : kBeyondLimits;
    const bool beyond = std::abs(value) >= kBeyondLimits;
    if (beyond || read == most) continue;  // an integer beyond 64 bits too
    EXPECT_NEAR(read, value, std::abs(value) * 1e-14);
  }
}

// It shows in the value: of long ones sixteen digits are read.
TEST(ParseJsonTest, LongNumbersAreFoundWhereverTheyAre) {
  const std::string digits = "0.9876543210987658999999999999999999999999";
  const double shortened = std::strtod(digits.substr(0, 18).c_str(), nullptr);
  dom::parser parser;
  for (size_t before = 0; before < 130; ++before) {
    for (size_t count = 17; count < 24; ++count) {
      const std::string number = digits.substr(0, count + 2);
      for (const std::string& end : {"]"s, "   ]"s, ",1]"s, "e0]"s}) {
        std::string json = "[\"" + std::string(before, '7') + "\"," + number + end;
        json.reserve(json.size() + simdjson::SIMDJSON_PADDING);
        double read = 0;
        ASSERT_EQ(ParseJson(json, parser).at(1).get(read), simdjson::SUCCESS) << json;
        EXPECT_EQ(read == shortened, count >= 19) << json;
      }
    }
  }
}

TEST(ParseJsonTest, ANumberAloneIsReadLikeOneInAList) {
  dom::parser parser;
  EXPECT_EQ(double(Parsed("0.98765432109876589", parser)), 0.98765432109876589);
  EXPECT_EQ(double(Parsed("0.9876543210987658999", parser)), 0.9876543210987658);
  EXPECT_EQ(double(Parsed("-0.00000000000000000000098765", parser)), -0.00000000000000000000098765);
}

// A parser that did not get all its memory would be used as one that has it.
TEST(ParseJsonTest, WhereverMemoryEndsTheNextTextIsReadAllTheSame) {
  for (const std::string text : {R"({"a":[1]})", "[0.1234567890123456789]"}) {
    int pieces = 0;
    for (int given = 0, failed = 1; failed > 0; ++given) {
      dom::parser parser;
      std::string json = text;
      json.reserve(json.size() + simdjson::SIMDJSON_PADDING);
      left_to_give = given;
      failed = 0;
      try {
        const auto error = ParseJson(json, parser).error();
        left_to_give.reset();
        EXPECT_EQ(error, simdjson::SUCCESS) << given;
      } catch (const std::bad_alloc&) {
        left_to_give.reset();
        failed = 1;
      }
      pieces = given;
      EXPECT_EQ(ParseJson(json, parser).error(), simdjson::SUCCESS) << given;
    }
    EXPECT_GE(pieces, 3) << "the sweep is to reach the parser's parts";
  }
}

TEST(ParseJsonTest, HugeMemoryDoesNotStay) {
  dom::parser parser;
  std::string json = "[" + std::string(5 << 20, ' ') + "]";
  json.reserve(json.size() + simdjson::SIMDJSON_PADDING);
  {
    const HugeMemoryEnd end(parser);
    ASSERT_EQ(ParseJson(json, parser).error(), simdjson::SUCCESS);
    EXPECT_GE(parser.capacity(), json.size());
  }
  EXPECT_EQ(parser.capacity(), 0u);
}

TEST(ParseJsonTest, HalfASurrogatePairIsTheReplacementCharacter) {
  EXPECT_EQ(Changed(R"("\ud83d")"), R"("\ufffd")");
  EXPECT_EQ(Changed(R"(["a\uDE00b","\ud83d\ud83d\ude00","\ud83dx\ude00"])"),
            R"(["a\ufffdb","\ufffd\ud83d\ude00","\ufffdx\ufffd"])");
  EXPECT_EQ(Changed(R"({"k\udfff":"\ud83d\u0041"})"), R"({"k\ufffd":"\ufffd\u0041"})");
}

TEST(ParseJsonTest, AllElseStaysAsItIs) {
  for (const char* json : {"",
                           "0",
                           "[1,-2.5,true,null]",
                           "18446744073709551615",
                           "-9223372036854775808",
                           "1.7e307",
                           "1e-999",
                           "0.123456789012345678",
                           "0.00000000000000000000000000000000e5",
                           R"("12345678901234567890123")",
                           R"({"a\"123456789012345678901":"\\"})",
                           R"("unended 123456789012345678901)",
                           "\"\\",
                           "\"\\u",
                           "\"\\ud8",
                           R"("\\ud83d")",
                           R"("\ud83d\ude00")",
                           R"("é\u00e9\uD7FF\ue000")",
                           R"("\uzzzz")",
                           R"("\u-123")",
                           "[012345678901234567890123]",
                           "1.e500",
                           "1e",
                           "1e+",
                           "-",
                           "--123456789012345678901",
                           "1234567890123456.",
                           "1-23456789012345678901",
                           ".12345678901234567890e999",
                           R"(\ud83d)"}) {
    EXPECT_EQ(Changed(json), json);
  }
}

TEST(ParseJsonTest, WhatIsRefusedForItsHalvesOrItsSizeIsReadAllTheSame) {
  dom::parser parser;
  const dom::element root = Parsed(
      R"({"text":"a\ud83d","huge":1e999,"id":123456789012345678901,"cost":0.00001234567890123456})", parser);
  EXPECT_EQ(std::string_view(root["text"]), "a\uFFFD");
  EXPECT_EQ(double(root["cost"]), 0.00001234567890123456);
  EXPECT_EQ(double(root["huge"]), 1e308);
  int64_t integer = 0;
  EXPECT_NE(root["id"].get(integer), simdjson::SUCCESS);
}

TEST(ParseJsonTest, WhatIsNoJsonIsRefused) {
  dom::parser parser;
  for (std::string json : {"", "{", R"({"a":"\ud83d")", R"("\x")", R"(["\ud83d",01])", R"(["\ud83d" 1e999])",
                           "\"\xff\\ud83d\"", R"({"a":1e999,})"}) {
    json.reserve(json.size() + simdjson::SIMDJSON_PADDING);
    EXPECT_NE(ParseJson(json, parser).error(), simdjson::SUCCESS) << json;
  }
}

}  // namespace
}  // namespace arbstr::proxy
