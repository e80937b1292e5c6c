#include "mock_provider/http/request_parser.h"

#include <gtest/gtest.h>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <string>
#include <string_view>

namespace mock_provider {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;

constexpr std::string_view kChunkedRequest =
    "POST /v1/chat/completions?x=1 HTTP/1.1\r\nHost: mock\r\nX-Mixed-CASE: Value\r\n"
    "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\n\r\n";

// Gives the parser what has come so far, as a connection does, and says what became of it.
class Feeding {
 public:
  error_code Give(std::string_view bytes) {
    pending_ += bytes;
    error_code error;
    if (!pending_.empty()) pending_.erase(0, parser_.put(boost::asio::buffer(pending_), error));
    if (error == http::error::need_more) error.clear();
    return error;
  }
  RequestParser& parser() { return parser_; }
  const std::string& pending() const { return pending_; }

 private:
  RequestParser parser_{64 << 10, 100};
  std::string pending_;
};

TEST(RequestParserTest, ARequestIsTheSameWhereverItIsCut) {
  for (std::size_t cut = 0; cut <= kChunkedRequest.size(); ++cut) {
    Feeding feeding;
    ASSERT_FALSE(feeding.Give(kChunkedRequest.substr(0, cut))) << cut;
    ASSERT_FALSE(feeding.Give(kChunkedRequest.substr(cut))) << cut;
    ASSERT_TRUE(feeding.parser().is_done()) << cut;
    const HttpRequest request = feeding.parser().Take();
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.target, "/v1/chat/completions?x=1");
    EXPECT_EQ(request.body, "abcde");
    EXPECT_TRUE(request.keep_alive);
    EXPECT_FALSE(request.http10);
    ASSERT_EQ(request.headers.size(), 3u);
    EXPECT_EQ(request.headers[1].first, "x-mixed-case");
    EXPECT_EQ(request.headers[1].second, "Value");
  }
}

TEST(RequestParserTest, ATargetInAbsoluteFormIsItsPathAndQuery) {
  const auto target = [](const std::string& sent) {
    Feeding feeding;
    EXPECT_FALSE(feeding.Give("GET " + sent + " HTTP/1.1\r\n\r\n")) << sent;
    return feeding.parser().Take().target;
  };
  EXPECT_EQ(target("http://mock:80/v1/models?x=http://y"), "/v1/models?x=http://y");
  EXPECT_EQ(target("HTTPS://mock/v1"), "/v1");
  EXPECT_EQ(target("http://mock"), "/");
  EXPECT_EQ(target("http://mock?x"), "/?x");
  EXPECT_EQ(target("/v1?to=http://mock/"), "/v1?to=http://mock/");
  EXPECT_EQ(target("*"), "*");
}

TEST(RequestParserTest, ABodyWhoseEndNothingTellsIsRefused) {
  Feeding feeding;
  EXPECT_EQ(feeding.Give("POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n"),
            http::error::bad_transfer_encoding);
}

TEST(RequestParserTest, WhatFollowsARequestIsLeftForTheNext) {
  Feeding feeding;
  ASSERT_FALSE(feeding.Give("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nabGET / HTTP/1.1\r\n\r\n"));
  ASSERT_TRUE(feeding.parser().is_done());
  EXPECT_EQ(feeding.parser().Take().body, "ab");
  EXPECT_EQ(feeding.pending(), "GET / HTTP/1.1\r\n\r\n");
}

TEST(RequestParserTest, ATrailersFieldsAreNoHeaders) {
  Feeding feeding;
  ASSERT_FALSE(
      feeding.Give("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nAuthorization: x\r\n\r\n"));
  ASSERT_TRUE(feeding.parser().is_done());
  EXPECT_EQ(feeding.parser().Take().Header("authorization"), nullptr);
}

TEST(RequestParserTest, OnlyAClientThatHoldsItsBodyBackAwaitsContinue) {
  constexpr std::string_view kHead = "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
  Feeding feeding;
  ASSERT_FALSE(feeding.Give(kHead));
  EXPECT_TRUE(feeding.parser().AwaitsContinue());
  ASSERT_FALSE(feeding.Give("ab"));
  EXPECT_FALSE(feeding.parser().AwaitsContinue());
  EXPECT_EQ(feeding.parser().Take().body, "ab");
}

TEST(RequestParserTest, LimitsAreKeptWhatALengthClaims) {
  Feeding claimed;
  EXPECT_EQ(claimed.Give("POST / HTTP/1.1\r\nContent-Length: 101\r\n\r\n"), http::error::body_limit);
  Feeding chunked;
  EXPECT_EQ(chunked.Give("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfff\r\n"),
            http::error::body_limit);
  Feeding head;
  EXPECT_EQ(head.Give("POST / HTTP/1.1\r\nX: " + std::string(65 << 10, 'x')), http::error::header_limit);
}

TEST(RequestParserTest, Http10ClosesUnlessItSaysOtherwise) {
  Feeding closing, staying;
  ASSERT_FALSE(closing.Give("GET / HTTP/1.0\r\n\r\n"));
  const HttpRequest closed = closing.parser().Take();
  EXPECT_TRUE(closed.http10);
  EXPECT_FALSE(closed.keep_alive);
  ASSERT_FALSE(staying.Give("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
  EXPECT_TRUE(staying.parser().Take().keep_alive);
}

}  // namespace
}  // namespace mock_provider
