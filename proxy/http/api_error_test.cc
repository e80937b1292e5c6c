#include "proxy/http/api_error.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace arbstr::proxy {
namespace {

TEST(ApiErrorTest, AnErrorHasOpenAisShape) {
  EXPECT_EQ(
      ErrorJson({400, "invalid_body", "Say \"what\"\n.", "messages[0]"}),
      R"({"error":{"message":"Say \"what\"\n.","type":"invalid_request_error","param":"messages[0]","code":"invalid_body"}})");
  EXPECT_EQ(ErrorJson({404, "", "No.", ""}),
            R"({"error":{"message":"No.","type":"invalid_request_error","param":null,"code":null}})");
}

TEST(ApiErrorTest, TheTypeFollowsFromTheStatus) {
  const auto type = [](int status) {
    return nlohmann::json::parse(ErrorJson({status, "", "", ""}))["error"]["type"].get<std::string>();
  };
  EXPECT_EQ(type(401), "authentication_error");
  EXPECT_EQ(type(429), "rate_limit_error");
  for (const int status : {400, 403, 404, 405, 408, 411, 413, 414, 415, 431, 499}) {
    EXPECT_EQ(type(status), "invalid_request_error") << status;
  }
  for (const int status : {500, 501, 502, 503, 504, 529}) EXPECT_EQ(type(status), "arbstr_error") << status;
}

TEST(ApiErrorTest, TextThatIsNotUtf8IsMended) {
  for (const char* text : {"\xff", "\xc3", "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\xc3(b"}) {
    const std::string json = ErrorJson({400, text, text, text});
    EXPECT_FALSE(nlohmann::json::parse(json, nullptr, false).is_discarded()) << json;
  }
  EXPECT_NE(ErrorJson({400, "", "ok \xc3\xa9 \xff end", ""}).find("ok \xc3\xa9 \xef\xbf\xbd end"),
            std::string::npos);
}

TEST(ApiErrorTest, TheResponseIsThatJsonWithThatStatus) {
  const Response response = ErrorResponse({413, "c", "m", ""});
  EXPECT_EQ(response.status, 413);
  EXPECT_EQ(response.fields, "content-type: application/json\r\n");
  EXPECT_EQ(response.body, ErrorJson({413, "c", "m", ""}));
}

}  // namespace
}  // namespace arbstr::proxy
