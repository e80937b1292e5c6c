#include "mock_provider/http/http_answer.h"

#include <gtest/gtest.h>

namespace mock_provider {
namespace {

TEST(HttpAnswer, AHeaderSetTwiceInAnyCaseKeepsTheLastValue) {
  HttpAnswer answer;
  answer.SetHeader("content-type", "a");
  answer.SetHeader("Content-Type", "b");
  EXPECT_EQ(Head(answer, {}), "HTTP/1.1 200 OK\r\ncontent-type: b\r\n\r\n");
}

TEST(HttpAnswer, AConnectionThatItsHeadersCloseIsClosed) {
  for (const std::string value : {"close", "Close"}) {
    HttpAnswer answer;
    answer.headers = {{"Connection", value}};
    answer.FollowConnectionHeader();
    EXPECT_EQ(Head(answer, {}), "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
    EXPECT_FALSE(answer.keep_alive);
  }
  HttpAnswer upgrade;
  upgrade.headers = {{"connection", "upgrade"}};
  upgrade.FollowConnectionHeader();
  EXPECT_EQ(Head(upgrade, {}), "HTTP/1.1 200 OK\r\nconnection: upgrade\r\n\r\n");
  EXPECT_TRUE(upgrade.keep_alive);
}

TEST(HttpAnswer, WhatHasNoBodyHasNoLength) {
  for (const int status : {204, 304}) {
    HttpAnswer answer;
    answer.status = status;
    EXPECT_EQ(HeadWithLength(answer), StatusLine(status) + "\r\n");
  }
}

TEST(HttpAnswer, AConnectionIsSaidToBeKeptOrClosedOnceAtMost) {
  for (const bool keep_alive : {true, false}) {
    HttpAnswer answer;
    answer.keep_alive = keep_alive;
    answer.SetHeader("Connection", "Keep-Alive");
    answer.FollowConnectionHeader();
    EXPECT_EQ(answer.keep_alive, keep_alive);
    EXPECT_EQ(Head(answer, {}).find("Keep-Alive"), std::string::npos);
  }
}

}  // namespace
}  // namespace mock_provider
