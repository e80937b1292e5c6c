#include "proxy/http/message_parser.h"

#include <gtest/gtest.h>

#include "proxy/http/testing_feed.h"

namespace arbstr::proxy {
namespace {

size_t Everything(size_t left) { return left; }
size_t OneByte(size_t) { return 1; }

// The same whether the message comes at once or byte by byte.
template <bool kRequest>
Fed Both(const std::string& bytes, size_t head_limit = 4096, size_t body_limit = 1 << 20, bool ends = false) {
  const Fed whole = Feed<kRequest>(bytes, Everything, head_limit, body_limit, ends);
  const Fed bytewise = Feed<kRequest>(bytes, OneByte, head_limit, body_limit, ends);
  EXPECT_EQ(whole.status, bytewise.status) << bytes.substr(0, 200);
  EXPECT_EQ(whole.error, bytewise.error) << bytes.substr(0, 200);
  if (whole.status == ParseStatus::kDone) {
    EXPECT_TRUE(whole == bytewise) << bytes.substr(0, 200);
  }
  return whole;
}
Fed Request(const std::string& bytes) { return Both<true>(bytes); }
Fed Response(const std::string& bytes, bool ends = false) { return Both<false>(bytes, 4096, 1 << 20, ends); }
std::string Post(const std::string& fields, const std::string& body = "") {
  return "POST /v1 HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n" + body;
}

TEST(RequestParserTest, AHeadIsRead) {
  const Fed fed =
      Request("GET /v1/models?x=%20 HTTP/1.1\r\nHost: h\r\nX-Empty:\r\nx-b: \t a b \t\r\n\r\nGET /next");
  ASSERT_EQ(fed.status, ParseStatus::kDone);
  EXPECT_EQ(fed.start, "GET /v1/models?x=%20 1.1");
  EXPECT_EQ(fed.fields, "Host: h\nX-Empty: \nx-b: a b\n");
  EXPECT_EQ(fed.rest, "GET /next");
}

TEST(RequestParserTest, ABodyOfAKnownLengthIsReadToItsEndAndNotFurther) {
  const Fed fed = Request(Post("Content-Length: 5\r\n", "helloGET /"));
  ASSERT_EQ(fed.status, ParseStatus::kDone);
  EXPECT_EQ(fed.body, "hello");
  EXPECT_EQ(fed.rest, "GET /");
}

TEST(RequestParserTest, AChunkedBodyIsDecodedAndItsTrailersAreDropped) {
  const Fed fed = Request(Post("Transfer-Encoding: chunked\r\n",
                               "5\r\nhello\r\n00001\r\n \r\nA\r\n0123456789\r\n0\r\n"
                               "X-Arbstr-Policy: cheap\r\nContent-Type: evil\r\n\r\nGET /"));
  ASSERT_EQ(fed.status, ParseStatus::kDone);
  EXPECT_EQ(fed.body, "hello 0123456789");
  EXPECT_EQ(fed.fields, "Host: h\nTransfer-Encoding: chunked\n");
  EXPECT_EQ(fed.rest, "GET /");
}

TEST(RequestParserTest, AnEmptyChunkedBodyIsABody) {
  const Fed fed = Request(Post("Transfer-Encoding: chunked\r\n", "0\r\n\r\nnext"));
  ASSERT_EQ(fed.status, ParseStatus::kDone);
  EXPECT_EQ(fed.body, "");
  EXPECT_EQ(fed.rest, "next");
  EXPECT_EQ(Request(Post("Transfer-Encoding: chunked\r\n", "0000000\r\nA: b\r\n\r\n")).status,
            ParseStatus::kDone);
}

TEST(RequestParserTest, AnyTransferCodingButChunkedAloneIsRefusedAsOne) {
  for (const char* coding :
       {"gzip", "gzip, chunked", "chunked, gzip", "identity", "", "chunked;q=1", "xchunked"}) {
    EXPECT_EQ(Request(Post(std::string("Transfer-Encoding: ") + coding + "\r\n", "0\r\n\r\n")).error,
              ParseError::kTransferEncoding)
        << coding;
  }
  EXPECT_EQ(Request(Post("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")).error,
            ParseError::kTransferEncoding);
  EXPECT_EQ(Request(Post("Transfer-Encoding: CHUNKED\r\n", "0\r\n\r\n")).status, ParseStatus::kDone);
}

TEST(RequestParserTest, AnOldClientHasNoTransferCodings) {
  EXPECT_EQ(Request("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n").error,
            ParseError::kTransferEncoding);
}

// Each of these is a way to make two servers disagree about where a request ends.
TEST(RequestParserTest, AMessageWithTwoLengthsIsMalformed) {
  for (const char* fields :
       {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5, 6\r\n", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"}) {
    const Fed fed = Request(Post(fields, "0\r\n\r\n"));
    EXPECT_EQ(fed.status, ParseStatus::kBad) << fields;
    EXPECT_EQ(fed.error, ParseError::kMalformed) << fields;
  }
}

TEST(RequestParserTest, ALengthIsDigitsAlone) {
  for (const char* length :
       {"", "x", "-1", "+5", "5 5", "0x5", "5.0", "5;", ",", "5,", "18446744073709551616",
        "99999999999999999999999", "\"5\"", "5, 5", "5\r\nContent-Length: 5"}) {
    EXPECT_EQ(Request(Post(std::string("Content-Length: ") + length + "\r\n", "hello")).error,
              ParseError::kMalformed)
        << length;
  }
}

TEST(RequestParserTest, AHugeLengthIsAnnouncedNotAllocated) {
  RequestParser parser(4096);
  ASSERT_EQ(parser.PutHead(Post("Content-Length: 18446744073709551615\r\n")).status, ParseStatus::kDone);
  EXPECT_EQ(parser.content_length(), 18446744073709551615u);
  EXPECT_FALSE(parser.body_done());
}

TEST(RequestParserTest, AFieldThatCouldBeReadInTwoWaysIsMalformed) {
  for (const std::string& fields :
       {std::string("Host : a\r\n"), std::string("X\r\n"), std::string(": a\r\n"),
        std::string("X: a\0b\r\n", 8), std::string("X: a\x01\r\n"), std::string("X: a\x7f\r\n"),
        std::string("X: a\rb\r\n"), std::string("X: a\nY: b\r\n"), std::string("X\0: a\r\n", 7),
        std::string("X(: a\r\n"), std::string("\xc3\xa9: a\r\n"), std::string("X: a\r\r\n")}) {
    EXPECT_EQ(Request(Post(fields)).error, ParseError::kMalformed) << testing::PrintToString(fields);
  }
}

TEST(RequestParserTest, AFoldedFieldIsMalformed) {
  EXPECT_EQ(Request("GET / HTTP/1.1\r\n Host: h\r\n\r\n").error, ParseError::kMalformed);
  for (const char* fields : {"X: a\r\n\t b\r\nY: d\r\n", "X: a\r\n b\r\n", "X:\r\n a\r\n", "X: a\r\n \r\n",
                             "X:\r\n \r\n", "X: \t\r\n\t\r\nY: d\r\n"}) {
    EXPECT_EQ(Request(Post(fields)).error, ParseError::kMalformed) << testing::PrintToString(fields);
  }
}

TEST(RequestParserTest, ARequestLineThatIsNotOneIsMalformed) {
  for (const std::string& line :
       {std::string("GET"), std::string("GET /"), std::string("GET  / HTTP/1.1"),
        std::string("GET / HTTP/1.1 "), std::string("GET /  HTTP/1.1"), std::string("GET / HTTP/2.0"),
        std::string("GET / HTTP/1.2"), std::string("GET / HTTP/0.9"), std::string("GET / http/1.1"),
        std::string("GET / HTTP/1.10"), std::string(" GET / HTTP/1.1"), std::string("G@T / HTTP/1.1"),
        std::string("GET /\0 HTTP/1.1", 16), std::string("GET /\x01 HTTP/1.1"),
        std::string("GET /\x7f HTTP/1.1"), std::string("GET /\t HTTP/1.1"),
        std::string("\x16\x03\x01\x02\x00\x01", 6)}) {
    EXPECT_EQ(Request(line + "\r\nHost: h\r\n\r\n").error, ParseError::kMalformed)
        << testing::PrintToString(line);
  }
}

TEST(RequestParserTest, ABareLineFeedEndsNoLine) {
  const std::string request = "GET / HTTP/1.1\nHost: h\n\n";
  EXPECT_EQ(Feed<true>(request, Everything).error, ParseError::kMalformed);
  EXPECT_EQ(Feed<true>(request, OneByte).status, ParseStatus::kNeedMore);
  EXPECT_EQ(Feed<true>(request + "\r\n\r\n", OneByte).error, ParseError::kMalformed);
}

TEST(RequestParserTest, ARequestNeedsOneHost) {
  EXPECT_EQ(Request("GET / HTTP/1.1\r\n\r\n").error, ParseError::kMalformed);
  EXPECT_EQ(Request("GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n").error, ParseError::kMalformed);
  EXPECT_EQ(Request("GET / HTTP/1.0\r\n\r\n").status, ParseStatus::kDone);
}

TEST(RequestParserTest, WhatAConnectionIsKeptFor) {
  const auto kept = [](const std::string& head) {
    RequestParser parser(4096);
    EXPECT_EQ(parser.PutHead(head).status, ParseStatus::kDone) << head;
    return parser.keep_alive();
  };
  EXPECT_TRUE(kept("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  EXPECT_FALSE(kept("GET / HTTP/1.1\r\nHost: h\r\nConnection: x, Close\r\n\r\n"));
  EXPECT_FALSE(kept("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(kept("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
}

TEST(RequestParserTest, FieldsAreFoundInEitherCaseAndCounted) {
  RequestParser parser(4096);
  ASSERT_EQ(parser.PutHead(Post("X-Two: a\r\nx-two: b\r\n")).status, ParseStatus::kDone);
  EXPECT_EQ(parser.Header("X-TWO"), "a");
  EXPECT_EQ(parser.HeaderCount("x-Two"), 2u);
  EXPECT_EQ(parser.Header("x-three"), std::nullopt);
  EXPECT_EQ(parser.HeaderCount("x-three"), 0u);
}

TEST(RequestParserTest, AHeadOfExactlyTheLimitIsTaken) {
  const std::string head = Post("X: " + std::string(100, 'x') + "\r\n");
  EXPECT_EQ(Both<true>(head, head.size()).status, ParseStatus::kDone);
  EXPECT_EQ(Both<true>(head, head.size() - 1).error, ParseError::kHeadTooLarge);
}

TEST(RequestParserTest, TheLimitIsOneOverAllFields) {
  std::string fields;
  for (int i = 0; i < 200; ++i) fields += "X-" + std::to_string(i) + ": a\r\n";
  EXPECT_EQ(Both<true>(Post(fields), 1024).error, ParseError::kHeadTooLarge);
  // Field by field, each short: what a client does that wants to fill memory.
  RequestParser parser(1024);
  std::string input = "GET / HTTP/1.1\r\nHost: h\r\n";
  ParseStep step = parser.PutHead(input);
  for (int i = 0; i < 200 && step.status == ParseStatus::kNeedMore; ++i) {
    input.erase(0, step.consumed);
    input += "X-" + std::to_string(i) + ": a\r\n";
    step = parser.PutHead(input);
  }
  EXPECT_EQ(step.status, ParseStatus::kBad);
  EXPECT_EQ(parser.error(), ParseError::kHeadTooLarge);
}

TEST(RequestParserTest, ATargetThatFillsTheLimitIsATargetTooLong) {
  const std::string target(5000, 'x');
  EXPECT_EQ(Both<true>("GET /" + target + " HTTP/1.1\r\nHost: h\r\n\r\n").error, ParseError::kTargetTooLong);
  EXPECT_EQ(Both<true>("GET /" + target).error, ParseError::kTargetTooLong);
  EXPECT_EQ(Both<true>("GET / HTTP/1.1\r\nHost: h\r\nX: " + target).error, ParseError::kHeadTooLarge);
}

TEST(RequestParserTest, AFieldMayBeAsLargeAsTheHead) {
  for (const std::string& field : {"X: " + std::string(70'000, 'x'), std::string(70'000, 'x') + ": a"}) {
    EXPECT_EQ(Feed<true>(Post(field + "\r\n"), Everything, 1 << 20).status, ParseStatus::kDone);
    EXPECT_EQ(Feed<true>(Post(field + "\r\n"), Everything, 1 << 16).error, ParseError::kHeadTooLarge);
  }
  const Fed trailer = Feed<true>(
      Post("Transfer-Encoding: chunked\r\n", "0\r\nX: " + std::string(70'000, 'x') + "\r\n\r\n"), Everything);
  EXPECT_EQ(trailer.status, ParseStatus::kDone);
}

TEST(RequestParserTest, ABodyLargerThanItsBufferIsTooLarge) {
  for (const std::string& message :
       {Post("Content-Length: 11\r\n", "01234567890"),
        Post("Transfer-Encoding: chunked\r\n", "b\r\n01234567890\r\n0\r\n\r\n"),
        Post("Transfer-Encoding: chunked\r\n", "6\r\n012345\r\n5\r\n67890\r\n0\r\n\r\n")}) {
    EXPECT_EQ(Both<true>(message, 4096, 10).error, ParseError::kBodyTooLarge) << message;
    EXPECT_EQ(Both<true>(message, 4096, 11).body, "01234567890") << message;
  }
}

TEST(RequestParserTest, AChunkThatIsNotOneIsMalformed) {
  for (const std::string& body :
       {std::string("x\r\n"), std::string("\r\n"), std::string("-1\r\n"),
        std::string("0x1\r\na\r\n0\r\n\r\n"), std::string("1 \r\na\r\n0\r\n\r\n").replace(1, 1, "@"),
        std::string("10000000000000000\r\n"), std::string("ffffffffffffffffffff\r\n"),
        std::string("1\r\nab\r\n0\r\n\r\n"), std::string("1\na\n0\n\n"), std::string("1\r\na\n0\r\n\r\n"),
        std::string("1;\x01\r\na\r\n0\r\n\r\n"), std::string("1;a=\"\r\na\r\n0\r\n\r\n"),
        std::string("0\r\nbad trailer\r\n\r\n"), std::string("0\r\nContent-Length: 5\r\n\r\n"),
        std::string("0\r\nTransfer-Encoding: chunked\r\n\r\n")}) {
    const Fed fed = Feed<true>(Post("Transfer-Encoding: chunked\r\n", body), Everything, 4096, 1 << 20, true);
    EXPECT_EQ(fed.error, ParseError::kMalformed) << testing::PrintToString(body);
    const Fed bytewise =
        Feed<true>(Post("Transfer-Encoding: chunked\r\n", body), OneByte, 4096, 1 << 20, true);
    EXPECT_EQ(bytewise.error, ParseError::kMalformed) << testing::PrintToString(body);
  }
}

TEST(RequestParserTest, ACloseInsideAMessageIsMalformed) {
  const std::string whole = Post("Content-Length: 5\r\n", "hello");
  for (size_t length = 0; length < whole.size(); ++length) {
    const Fed fed = Feed<true>(whole.substr(0, length), Everything, 4096, 100, /*ends=*/true);
    EXPECT_EQ(fed.status, ParseStatus::kBad) << length;
  }
}

TEST(ResponseParserTest, AStatusLineAndAHeadAreRead) {
  const Fed fed = Response("HTTP/1.1 503 Not \xe9 now\r\nRetry-After: 5\r\nContent-Length: 2\r\n\r\n{}");
  ASSERT_EQ(fed.status, ParseStatus::kDone);
  EXPECT_EQ(fed.start, "503 1.1");
  EXPECT_EQ(fed.fields, "Retry-After: 5\nContent-Length: 2\n");
  EXPECT_EQ(fed.body, "{}");
  EXPECT_EQ(Response("HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n").start, "200 1.1");
}

TEST(ResponseParserTest, AStatusLineThatIsNotOneIsMalformed) {
  for (const char* line :
       {"HTTP/1.1 OK 200", "HTTP/1.1 20 OK", "HTTP/1.1 2000 OK", "HTTP/1.1 -20 OK", "HTTP/2 200 OK",
        "HTP/1.1 200 OK", "<html>", "HTTP/1.1 2x0 OK", "HTTP/1.1  200 OK"}) {
    EXPECT_EQ(Response(std::string(line) + "\r\nContent-Length: 0\r\n\r\n").error, ParseError::kMalformed)
        << line;
  }
}

TEST(ResponseParserTest, WithoutALengthTheCloseEndsTheBody) {
  EXPECT_EQ(Response("HTTP/1.1 200 OK\r\n\r\nall of it", /*ends=*/true).body, "all of it");
  EXPECT_EQ(Response("HTTP/1.1 200 OK\r\n\r\nall of it").status, ParseStatus::kNeedMore);
  EXPECT_EQ(Response("HTTP/1.0 200 OK\r\n\r\n", /*ends=*/true).status, ParseStatus::kDone);
}

TEST(ResponseParserTest, ACloseInsideAKnownLengthIsMalformed) {
  EXPECT_EQ(Response("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", true).status, ParseStatus::kBad);
  EXPECT_EQ(Response("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", true).status,
            ParseStatus::kBad);
  EXPECT_EQ(Response("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", true).status,
            ParseStatus::kBad);
}

TEST(ResponseParserTest, SomeStatusesHaveNoBodyWhateverTheirFieldsSay) {
  for (const char* status : {"100", "103", "204", "304"}) {
    const Fed fed = Response(std::string("HTTP/1.1 ") + status + " X\r\nContent-Length: 5\r\n\r\nHTTP/");
    EXPECT_EQ(fed.status, ParseStatus::kDone) << status;
    EXPECT_EQ(fed.body, "") << status;
    EXPECT_EQ(fed.rest, "HTTP/") << status;
  }
}

TEST(ResponseParserTest, AByteOfAChunkIsThereWhenItHasCome) {
  ResponseParser parser(4096);
  ASSERT_EQ(parser.PutHead("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").status,
            ParseStatus::kDone);
  BodyBuffer body(100);
  EXPECT_EQ(parser.PutBody("5\r\nh", body).consumed, 4u);
  EXPECT_EQ(body.view(), "h");
  EXPECT_EQ(parser.PutBody("el", body).consumed, 2u);
  EXPECT_EQ(body.view(), "hel");
}

}  // namespace
}  // namespace arbstr::proxy
