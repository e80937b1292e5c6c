#include "mock_provider/http_answer.h"

#include <gtest/gtest.h>

namespace mock_provider {
namespace {

std::optional<std::int64_t> Asked(const std::vector<std::pair<std::string, std::string>>& headers) {
  HttpAnswer answer;
  answer.headers = headers;
  return RetryAfterMs(answer);
}

TEST(HttpAnswer, TheWaitAskedForIsTheMillisecondsOrElseTheSeconds) {
  EXPECT_EQ(Asked({{"Retry-After", "3"}, {"retry-after-ms", "2500"}}), 2500);
  EXPECT_EQ(Asked({{"Retry-After", "3"}}), 3000);
  EXPECT_EQ(Asked({}), std::nullopt);
}

TEST(HttpAnswer, AWaitThatIsNoNumberIsNone) {
  for (const std::string value :
       {"", "-1", "1.5", "soon", "Wed, 21 Oct 2026 07:28:00 GMT", "99999999999999999999"}) {
    EXPECT_EQ(Asked({{"retry-after", value}}), std::nullopt) << value;
  }
  EXPECT_EQ(Asked({{"retry-after", "9223372036854775807"}}), 9223372036854775000);
}

TEST(HttpAnswer, AHeaderSetTwiceInAnyCaseKeepsTheLastValue) {
  HttpAnswer answer;
  answer.SetHeader("content-type", "a");
  answer.SetHeader("Content-Type", "b");
  EXPECT_EQ(Head(answer, {}), "HTTP/1.1 200 OK\r\ncontent-type: b\r\n\r\n");
}

}  // namespace
}  // namespace mock_provider
