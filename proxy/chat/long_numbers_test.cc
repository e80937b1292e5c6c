#include "proxy/chat/long_numbers.h"

#include <gtest/gtest.h>

#include <string>

namespace arbstr::proxy {
namespace {

std::string Shortened(const std::string& json) {
  BodyBuffer body(json.size());
  body.Append(json);
  return std::string(WithoutLongNumbers(body).view());
}

TEST(LongNumbersTest, ALongNumberIsZeroOfTheSameLength) {
  EXPECT_EQ(Shortened(R"([12345678901234567890])"), "[0                   ]");
  EXPECT_EQ(Shortened(R"({"a":-1234567890123456,"b":0.12345678901234})"),
            R"({"a":0                ,"b":0               })");
  EXPECT_EQ(Shortened("1e999"), "0    ");
  EXPECT_EQ(Shortened("[1E+5,-0.0e-1]"), "[0   ,0      ]");
}

TEST(LongNumbersTest, AllElseStaysAsItIs) {
  for (const char* json : {"", "0", "[1,-2.5,true,null]", "123456789012345", R"("12345678901234567890")",
                           R"({"a\"12345678901234567890":"\\"})", R"("unended 12345678901234567890)", "\"\\",
                           "[01234567890123456789]", "1.e5", "1e", "1e+", "-", "--12345678901234567890",
                           "1234567890123456.", "1-2345678901234567890", ".12345678901234567890"}) {
    EXPECT_EQ(Shortened(json), json);
  }
}

}  // namespace
}  // namespace arbstr::proxy
