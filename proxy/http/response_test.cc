#include "proxy/http/response.h"

#include <gtest/gtest.h>

#include "proxy/http/message_parser.h"

namespace arbstr::proxy {
namespace {

TEST(ResponseTest, AFieldIsALine) {
  std::string fields;
  AddField(fields, "x-a", "1");
  AddField(fields, "x-b", "");
  AddField(fields, "x-c", "tab\tand \xc3\xa9");
  EXPECT_EQ(fields, "x-a: 1\r\nx-b: \r\nx-c: tab\tand \xc3\xa9\r\n");
}

TEST(ResponseTest, NoValueCanForgeAField) {
  for (int byte = 0; byte < 256; ++byte) {
    std::string fields;
    AddField(fields, "x", std::string("a") + static_cast<char>(byte) + "X-Forged: 1");
    const bool control = (byte < 0x20 && byte != '\t') || byte == 0x7f;
    EXPECT_EQ(fields.empty(), control) << byte;
  }
}

TEST(ResponseTest, AHeadIsReadBackAsItWasMeant) {
  const std::string head =
      FormatHead(503, "retry-after: 5\r\n", "id-1", Framing::kContentLength, 12345, true);
  EXPECT_EQ(
      head,
      "HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\nx-arbstr-request-id: id-1\r\ncontent-length: "
      "12345\r\nconnection: close\r\n\r\n");
  ResponseParser parser(4096);
  ASSERT_EQ(parser.PutHead(head).status, ParseStatus::kDone);
  EXPECT_EQ(parser.content_length(), 12345u);
  EXPECT_FALSE(parser.keep_alive());
}

TEST(ResponseTest, TheFramingSaysHowABodyEnds) {
  EXPECT_EQ(FormatHead(200, "", "i", Framing::kChunked, 0, false),
            "HTTP/1.1 200 OK\r\nx-arbstr-request-id: i\r\ntransfer-encoding: chunked\r\n\r\n");
  EXPECT_EQ(FormatHead(200, "", "i", Framing::kUntilClose, 0, true),
            "HTTP/1.1 200 OK\r\nx-arbstr-request-id: i\r\nconnection: close\r\n\r\n");
  EXPECT_EQ(FormatHead(204, "", "i", Framing::kContentLength, 0, false),
            "HTTP/1.1 204 No Content\r\nx-arbstr-request-id: i\r\n\r\n");
  EXPECT_EQ(FormatHead(304, "", "i", Framing::kContentLength, 0, false),
            "HTTP/1.1 304 Not Modified\r\nx-arbstr-request-id: i\r\n\r\n");
  EXPECT_EQ(FormatHead(200, "", "i", Framing::kContentLength, 0, false),
            "HTTP/1.1 200 OK\r\nx-arbstr-request-id: i\r\ncontent-length: 0\r\n\r\n");
}

TEST(ResponseTest, AnyStatusAProviderMayHaveMakesAValidStatusLine) {
  for (int status = 200; status < 600; ++status) {
    ResponseParser parser(4096);
    const std::string head = FormatHead(status, "", "i", Framing::kContentLength, 0, false);
    ASSERT_EQ(parser.PutHead(head).status, ParseStatus::kDone) << head;
    EXPECT_EQ(parser.status(), status);
    EXPECT_EQ(head.find('<'), std::string::npos) << head;
  }
  EXPECT_EQ(ReasonPhrase(404), "Not Found");
  EXPECT_EQ(ReasonPhrase(529), "");
}

TEST(ResponseTest, TheBodyIsOursOrTheProviders) {
  Response response = JsonResponse(200, "{}");
  EXPECT_EQ(response.body_view(), "{}");
  EXPECT_EQ(response.fields, "content-type: application/json\r\n");
  response.provider_body.emplace(10);
  response.provider_body->Append("theirs");
  EXPECT_EQ(response.body_view(), "theirs");
}

TEST(ResponseTest, AControlCharacterIsSeenWhereverItStandsAndNothingElseIsTakenForOne) {
  for (size_t length = 1; length < 20; ++length) {
    for (size_t at = 0; at < length; ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string value(length, 'v');
        value[at] = static_cast<char>(byte);
        std::string fields;
        AddField(fields, "n", value);
        const bool ends_a_line = (byte < 0x20 && byte != '\t') || byte == 0x7f;
        ASSERT_EQ(fields, ends_a_line ? "" : "n: " + value + "\r\n")
            << byte << " at " << at << " of " << length;
      }
    }
  }
}

}  // namespace
}  // namespace arbstr::proxy
