#include "proxy/upstream/early_answer.h"

#include <gtest/gtest.h>

#include <string>

namespace arbstr::proxy {
namespace {

TEST(JudgeEarlyBytesTest, ARefusalIsOneBehindAnyInterimResponses) {
  const std::string interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n";
  for (const std::string status : {"413 Content Too Large", "503 Service Unavailable", "302 Found"}) {
    EXPECT_EQ(JudgeEarlyBytes("HTTP/1.1 " + status), EarlyBytes::kRefusal);
    EXPECT_EQ(JudgeEarlyBytes("HTTP/1.0 " + status + "\r\n\r\n"), EarlyBytes::kRefusal);
    EXPECT_EQ(JudgeEarlyBytes(interim + "HTTP/1.1 " + status), EarlyBytes::kRefusal);
  }
  EXPECT_EQ(JudgeEarlyBytes("SSH-2.0-OpenSSH"), EarlyBytes::kRefusal);
}

TEST(JudgeEarlyBytesTest, ASuccessMayBeginWhileTheRequestIsRead) {
  EXPECT_EQ(JudgeEarlyBytes("HTTP/1.1 200 OK\r\n"), EarlyBytes::kGoOn);
  EXPECT_EQ(JudgeEarlyBytes("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK"), EarlyBytes::kGoOn);
}

TEST(JudgeEarlyBytesTest, UntilTheStatusOfAFinalOneIsThereNothingIsDecided) {
  const std::string text = "HTTP/1.1 100 Continue\r\nX: y\r\n\r\nHTTP/1.1 4";
  for (size_t length = 0; length < text.size(); ++length) {
    EXPECT_EQ(JudgeEarlyBytes(text.substr(0, length)), EarlyBytes::kUndecided) << length;
  }
  EXPECT_EQ(JudgeEarlyBytes(text), EarlyBytes::kRefusal);
}

}  // namespace
}  // namespace arbstr::proxy
