#include "proxy/dashboard/dashboard_response.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "proxy/dashboard/page_files.h"

namespace arbstr::proxy {
namespace {

bool HasField(const Response& response, const std::string& line) {
  return ("\r\n" + response.fields).find("\r\n" + line + "\r\n") != std::string::npos;
}

std::string Source(std::string_view path) {
  const std::string name = path == "/dashboard" ? "index.html" : std::string(path.substr(11));
  std::ifstream file("proxy/dashboard/page/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(DashboardResponseTest, EachFileIsServedByteForByteAsItsSource) {
  ASSERT_GT(PageFiles().size(), 3u);
  for (const PageFile& file : PageFiles()) {
    const Response response = DashboardResponse(file.path, std::nullopt);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, Source(file.path)) << file.path;
    EXPECT_TRUE(HasField(response, "content-type: " + std::string(file.content_type))) << file.path;
    EXPECT_TRUE(HasField(response, "etag: " + std::string(file.entity_tag))) << file.path;
    EXPECT_TRUE(HasField(response, "cache-control: no-cache")) << file.path;
    EXPECT_TRUE(HasField(response, "x-content-type-options: nosniff")) << file.path;
    EXPECT_TRUE(HasField(response, "referrer-policy: no-referrer")) << file.path;
  }
}

TEST(DashboardResponseTest, ThePolicyLetsNothingInFromElsewhereAndNothingInline) {
  const Response response = DashboardResponse("/dashboard", std::nullopt);
  const size_t start = response.fields.find("content-security-policy: ");
  ASSERT_NE(start, std::string::npos);
  const std::string policy = response.fields.substr(start, response.fields.find("\r\n", start) - start);
  for (const char* directive :
       {"default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'",
        "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"}) {
    EXPECT_NE(policy.find(directive), std::string::npos) << directive;
  }
  for (const char* hole : {"unsafe", "*", "http", "data:", "blob:"})
    EXPECT_EQ(policy.find(hole), std::string::npos) << hole;
}

TEST(DashboardResponseTest, TheTypesAreThoseABrowserWantsUnderNosniff) {
  std::set<std::string_view> types;
  for (const PageFile& file : PageFiles()) types.insert(file.content_type);
  EXPECT_EQ(types, (std::set<std::string_view>{"text/html; charset=utf-8", "text/css; charset=utf-8",
                                               "text/javascript; charset=utf-8", "image/svg+xml"}));
}

TEST(DashboardResponseTest, WhatTheBrowserHasAlreadyIsNotSentAgain) {
  const PageFile& file = PageFiles().front();
  const Response response = DashboardResponse(file.path, file.entity_tag);
  EXPECT_EQ(response.status, 304);
  EXPECT_EQ(response.body, "");
  EXPECT_TRUE(HasField(response, "etag: " + std::string(file.entity_tag)));
  EXPECT_TRUE(HasField(response, "cache-control: no-cache"));
  EXPECT_EQ(DashboardResponse(file.path, "\"another\"").status, 200);
}

TEST(DashboardResponseTest, EachFileHasATagOfItsOwn) {
  std::set<std::string_view> tags;
  for (const PageFile& file : PageFiles()) tags.insert(file.entity_tag);
  EXPECT_EQ(tags.size(), PageFiles().size());
}

TEST(DashboardResponseTest, ASlashTooManyLeadsBackToThePage) {
  const Response response = DashboardResponse("/dashboard/", std::nullopt);
  EXPECT_EQ(response.status, 308);
  EXPECT_TRUE(HasField(response, "location: ../dashboard"));
}

TEST(DashboardResponseTest, OnlyItsOwnPathsAreTheDashboards) {
  EXPECT_TRUE(IsDashboardPath("/dashboard"));
  EXPECT_TRUE(IsDashboardPath("/dashboard/"));
  EXPECT_TRUE(IsDashboardPath("/dashboard/app.mjs"));
  for (const char* path : {"", "/", "/dashboard/index.html", "/dashboard/nope", "/dashboard//app.mjs",
                           "/dashboard/../app.mjs", "/dashboards", "/Dashboard", "dashboard"}) {
    EXPECT_FALSE(IsDashboardPath(path)) << path;
  }
}

TEST(DashboardResponseTest, AnEntityTagIsFoundInWhateverListNamesIt) {
  for (const char* list : {"\"a\"", "W/\"a\"", "*", " * ", "\"b\", \"a\"", "\"b\",\"a\"",
                           "W/\"b\" , W/\"a\"\t", ",, \"a\",", "\"b,c\", \"a\""}) {
    EXPECT_TRUE(NamesEntityTag(list, "\"a\"")) << list;
  }
  for (const char* list :
       {"", "a", "\"A\"", "\"b\"", "\"ab\"", "w/\"a\"", "W/W/\"a\"", "**", "\"a", "\"b\" \"a\"", ","}) {
    EXPECT_FALSE(NamesEntityTag(list, "\"a\"")) << list;
  }
}

TEST(DashboardResponseTest, ThePageIsSmall) {
  size_t total = 0;
  for (const PageFile& file : PageFiles()) {
    EXPECT_LT(file.body.size(), 16u * 1024) << file.path;
    total += file.body.size();
  }
  EXPECT_LT(total, 96u * 1024);
}

}  // namespace
}  // namespace arbstr::proxy
