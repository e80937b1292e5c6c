#include "mock_provider/http_answer.h"

#include <gtest/gtest.h>

namespace mock_provider {
namespace {

TEST(HttpAnswer, AHeaderSetTwiceInAnyCaseKeepsTheLastValue) {
  HttpAnswer answer;
  answer.SetHeader("content-type", "a");
  answer.SetHeader("Content-Type", "b");
  EXPECT_EQ(Head(answer, {}), "HTTP/1.1 200 OK\r\ncontent-type: b\r\n\r\n");
}

}  // namespace
}  // namespace mock_provider
