// GET /dashboard: the page and what it loads, over HTTP as a browser asks for it.
#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "integration_tests/gateway_test.h"

namespace integration_tests {
namespace {

constexpr const char* kOneProvider = R"({"providers":[{"name":"alpha"}]})";

class DashboardRouteTest : public GatewayTest {
 protected:
  // The paths that a page or script names, relative to "/dashboard" or "/dashboard/NAME".
  static std::set<std::string> Loads(const std::string& path, const std::string& body) {
    const std::regex link(path == "/dashboard" ? R"re((?:src|href)="(dashboard/[^"]+)")re"
                                               : R"re(from '\./([^']+)')re");
    std::set<std::string> paths;
    for (std::sregex_iterator i(body.begin(), body.end(), link), end; i != end; ++i)
      paths.insert((path == "/dashboard" ? "/" : "/dashboard/") + (*i)[1].str());
    return paths;
  }
};

TEST_F(DashboardRouteTest, EverythingThatThePageLoadsIsThere) {
  Start(kOneProvider);
  std::set<std::string> found = {"/dashboard"};
  std::set<std::string> ahead = found;
  while (!ahead.empty()) {
    const std::string path = *ahead.begin();
    ahead.erase(ahead.begin());
    const Response response = Ask(port(), Get(path));
    ASSERT_EQ(response.status, 200) << path;
    EXPECT_TRUE(response.complete);
    for (const std::string& next : Loads(path, response.body)) {
      if (found.insert(next).second) ahead.insert(next);
    }
  }
  EXPECT_GT(found.size(), 8u);
  EXPECT_TRUE(found.contains("/dashboard/app.mjs"));
}

TEST_F(DashboardRouteTest, ItsHeadersLetNothingElseRunOrFrameIt) {
  Start(kOneProvider);
  const Response page = Ask(port(), Get("/dashboard"));
  EXPECT_EQ(page.Header("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.Header("content-security-policy"),
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
            "require-trusted-types-for 'script'; trusted-types 'none'");
  EXPECT_EQ(page.Header("x-content-type-options"), "nosniff");
  EXPECT_EQ(page.Header("referrer-policy"), "no-referrer");
  EXPECT_EQ(page.Header("cache-control"), "no-cache");
  EXPECT_EQ(page.Header("x-arbstr-request-id").size(), 36u);
  EXPECT_EQ(page.body.find("<script>"), std::string::npos) << "no inline script";
  EXPECT_EQ(page.body.find("style="), std::string::npos) << "no inline style";
  const Response script = Ask(port(), Get("/dashboard/app.mjs"));
  EXPECT_EQ(script.Header("content-type"), "text/javascript; charset=utf-8");
}

TEST_F(DashboardRouteTest, WhatTheBrowserHasIsAnsweredWith304AndTheConnectionGoesOn) {
  Start(kOneProvider);
  HttpClient client = Connect();
  ASSERT_TRUE(client.Send(Get("/dashboard")));
  const std::string tag = client.ReadResponse().Header("etag");
  ASSERT_TRUE(std::regex_match(tag, std::regex("\"[0-9a-f]{32}\""))) << tag;
  for (const std::string& given : {tag, "W/" + tag, "\"other\", " + tag, std::string("*")}) {
    ASSERT_TRUE(client.Send(Get("/dashboard", {{"If-None-Match", given}})));
    // A 304 ends with its head, whatever it says of a length.
    const Response unchanged = client.ReadResponse(/*head_only=*/true);
    EXPECT_EQ(unchanged.status, 304) << given;
    EXPECT_EQ(unchanged.Header("etag"), tag);
    EXPECT_FALSE(unchanged.Has("content-length"));
    EXPECT_FALSE(unchanged.Has("content-type"));
  }
  ASSERT_TRUE(client.Send(Get("/dashboard", {{"If-None-Match", "\"other\""}})));
  EXPECT_EQ(client.ReadResponse().status, 200);
}

TEST_F(DashboardRouteTest, HeadSaysWhatGetWouldWithoutTheBody) {
  Start(kOneProvider);
  HttpClient client = Connect();
  ASSERT_TRUE(client.Send("HEAD /dashboard HTTP/1.1\r\nHost: g\r\n\r\n"));
  const Response head = client.ReadResponse(/*head_only=*/true);
  ASSERT_TRUE(client.Send(Get("/dashboard")));
  const Response page = client.ReadResponse();
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.Header("etag"), page.Header("etag"));
  EXPECT_EQ(head.Header("content-length"), std::to_string(page.body.size()));
}

TEST_F(DashboardRouteTest, OtherMethodsAreNotAllowed) {
  Start(kOneProvider);
  for (const std::string method : {"POST", "PUT", "DELETE", "PATCH"}) {
    const Response response =
        Ask(port(), method + " /dashboard HTTP/1.1\r\nHost: g\r\nContent-Length: 0\r\n\r\n");
    EXPECT_TRUE(IsOurError(response, 405, "")) << method;
    EXPECT_EQ(response.Header("allow"), "GET, HEAD") << method;
  }
}

TEST_F(DashboardRouteTest, ItIsOpenToWhoeverHasNoTokenAndItsDataAreNot) {
  Start(kOneProvider, {.server = "auth_token = \"gateway-token\"\n"});
  EXPECT_EQ(Ask(port(), Get("/dashboard")).status, 200);
  EXPECT_EQ(Ask(port(), Get("/dashboard/app.mjs")).status, 200);
  for (const char* path : {"/v1/stats", "/v1/requests", "/providers", "/v1/models", "/dashboard/nope"})
    EXPECT_TRUE(IsOurError(Ask(port(), Get(path)), 401, "invalid_api_key")) << path;
  const Response posted = Ask(port(), "POST /dashboard HTTP/1.1\r\nHost: g\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(posted.status, 405);
}

TEST_F(DashboardRouteTest, ASlashTooManyIsSentToThePageAndOtherPathsAreNotFound) {
  Start(kOneProvider);
  const Response slash = Ask(port(), Get("/dashboard/"));
  EXPECT_EQ(slash.status, 308);
  EXPECT_EQ(slash.Header("location"), "../dashboard");
  EXPECT_TRUE(IsOurError(Ask(port(), Get("/dashboard/index.html")), 404, ""));
  EXPECT_TRUE(IsOurError(Ask(port(), Get("/dashboard/../health")), 404, ""));
}

}  // namespace
}  // namespace integration_tests
