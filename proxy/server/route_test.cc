#include "proxy/server/route.h"

#include <gtest/gtest.h>

namespace arbstr::proxy {
namespace {

TEST(RouteTest, EachPathHasItsRoute) {
  EXPECT_EQ(MatchRoute("POST", "/v1/chat/completions").id, RouteId::kChat);
  EXPECT_EQ(MatchRoute("POST", "/chat/completions").id, RouteId::kChat);
  EXPECT_EQ(MatchRoute("GET", "/v1/models").id, RouteId::kModels);
  EXPECT_EQ(MatchRoute("POST", "/v1/cost").id, RouteId::kCost);
  EXPECT_EQ(MatchRoute("GET", "/v1/requests?page=2").id, RouteId::kRequests);
  EXPECT_EQ(MatchRoute("GET", "/v1/stats").id, RouteId::kStats);
  EXPECT_EQ(MatchRoute("GET", "/health").id, RouteId::kHealth);
  EXPECT_EQ(MatchRoute("GET", "/providers").id, RouteId::kProviders);
  EXPECT_EQ(MatchRoute("GET", "/metrics").id, RouteId::kMetrics);
  EXPECT_EQ(MatchRoute("GET", "/dashboard").id, RouteId::kDashboard);
}

TEST(RouteTest, ARouteHasOneLabelWhateverIsAskedOfIt) {
  for (const char* path : {"/v1/chat/completions", "/chat/completions"}) {
    EXPECT_EQ(MatchRoute("POST", path).label, "/v1/chat/completions");
    EXPECT_EQ(MatchRoute("GET", path).label, "/v1/chat/completions");
  }
  EXPECT_EQ(MatchRoute("GET", "/v1/models/gpt-4o").label, "/v1/models/{id}");
  EXPECT_EQ(MatchRoute("GET", "/v1/models").label, "/v1/models");
  EXPECT_EQ(MatchRoute("GET", "/health?x=1").label, "/health");
  EXPECT_EQ(MatchRoute("GET", "/no/such").label, kUnknownRoute);
}

TEST(RouteTest, TheDashboardsFilesAreNamedAndWhatIsNoneOfThemIsNotFound) {
  for (const char* path : {"/dashboard", "/dashboard/", "/dashboard/app.mjs"}) {
    const RouteMatch match = MatchRoute("GET", std::string(path) + "?x=/y");
    EXPECT_EQ(match.id, RouteId::kDashboard) << path;
    EXPECT_EQ(match.parameter, path);
  }
  EXPECT_EQ(MatchRoute("GET", "/dashboard/nope.js").id, RouteId::kNotFound);
  EXPECT_EQ(MatchRoute("GET", "/dashboards").id, RouteId::kNotFound);
}

TEST(RouteTest, HealthAndTheDashboardNeedNoTokenAndNothingElseIsOpen) {
  for (const char* method : {"GET", "POST"}) {
    EXPECT_TRUE(MatchRoute(method, "/health").open) << method;
    EXPECT_TRUE(MatchRoute(method, "/dashboard").open) << method;
    EXPECT_TRUE(MatchRoute(method, "/dashboard/app.mjs").open) << method;
    for (const char* path : {"/v1/chat/completions", "/v1/models", "/v1/models/x", "/v1/cost", "/v1/requests",
                             "/v1/stats", "/providers", "/dashboard/nope.js", "/nope"}) {
      EXPECT_FALSE(MatchRoute(method, path).open) << method << " " << path;
    }
  }
}

TEST(RouteTest, AModelsIdMayHoldSlashesAndEscapes) {
  const std::pair<const char*, const char*> ids[] = {
      {"gpt-4o", "gpt-4o"},   {"openai/gpt-4o", "openai/gpt-4o"},
      {"a%2Fb%20c", "a/b c"}, {"%41%e9", "A\xe9"},
      {"a%", "a%"},           {"a%2", "a%2"},
      {"a%zz", "a%zz"},       {"%%41", "%A"},
      {"a%2Bb+c", "a+b+c"},   {"%-1x", "%-1x"},
      {"% 1", "% 1"},         {"a%25%34%31", "a%41"},
  };
  for (const auto& [text, id] : ids) {
    const RouteMatch match = MatchRoute("GET", std::string("/v1/models/") + text);
    EXPECT_EQ(match.id, RouteId::kModel) << text;
    EXPECT_EQ(match.parameter, id) << text;
  }
  EXPECT_EQ(MatchRoute("GET", "/v1/models/%00").parameter, std::string(1, '\0'));
  EXPECT_EQ(MatchRoute("GET", "/v1/models/").id, RouteId::kNotFound);
}

TEST(RouteTest, AQueryIsIgnored) {
  EXPECT_EQ(MatchRoute("GET", "/health?x=1").id, RouteId::kHealth);
  EXPECT_EQ(MatchRoute("GET", "/health?").id, RouteId::kHealth);
  EXPECT_EQ(MatchRoute("GET", "/health#top").id, RouteId::kHealth);
  EXPECT_EQ(MatchRoute("GET", "/v1/models/a?b/c").parameter, "a");
  EXPECT_EQ(MatchRoute("GET", "/?/health").id, RouteId::kNotFound);
}

TEST(RouteTest, TheAbsoluteFormNamesTheSamePath) {
  EXPECT_EQ(MatchRoute("GET", "http://gateway:8080/health").id, RouteId::kHealth);
  EXPECT_EQ(MatchRoute("GET", "HTTPS://gateway/v1/models?x").id, RouteId::kModels);
  EXPECT_EQ(MatchRoute("GET", "http://gateway").id, RouteId::kNotFound);
  EXPECT_EQ(MatchRoute("GET", "http://gateway?/health").id, RouteId::kNotFound);
  EXPECT_EQ(MatchRoute("GET", "http://gateway#/health").id, RouteId::kNotFound);
}

TEST(RouteTest, AllButTheRoutesOfThoseWhoWatchAreLimited) {
  for (const char* path : {"/v1/chat/completions", "/v1/models", "/v1/models/x", "/v1/stats", "/providers",
                           "/nowhere", "/healthy", "/metricsx", "/"}) {
    EXPECT_TRUE(MatchRoute("GET", path).limited) << path;
  }
  EXPECT_FALSE(MatchRoute("GET", "/health").limited);
  EXPECT_FALSE(MatchRoute("POST", "/health?x").limited);
}

TEST(RouteTest, AnotherMethodIsNotAllowedAndTheAnswerSaysWhichIs) {
  for (const char* method : {"GET", "HEAD", "PUT", "OPTIONS", "post", ""}) {
    const RouteMatch match = MatchRoute(method, "/v1/chat/completions");
    EXPECT_EQ(match.id, RouteId::kMethodNotAllowed) << method;
    EXPECT_EQ(match.allowed, "POST") << method;
  }
  for (const char* path : {"/health", "/v1/models", "/v1/models/x", "/v1/requests", "/v1/stats", "/providers",
                           "/dashboard", "/dashboard/app.mjs"}) {
    EXPECT_EQ(MatchRoute("POST", path).id, RouteId::kMethodNotAllowed) << path;
    EXPECT_EQ(MatchRoute("POST", path).allowed, "GET, HEAD") << path;
    EXPECT_NE(MatchRoute("HEAD", path).id, RouteId::kMethodNotAllowed) << path;
  }
}

TEST(RouteTest, EveryOtherPathIsNotFound) {
  for (const char* target : {"", "/", "*", "/v1", "/V1/models", "/v1/chat/completions/", "//health",
                             "/health/", "/healthz", "/v1/chat", "/%68ealth", "/v1/../health", "health",
                             "ftp://gateway/health", "gateway:443", "/v1/chat/completions\xff"}) {
    EXPECT_EQ(MatchRoute("GET", target).id, RouteId::kNotFound) << target;
  }
}

}  // namespace
}  // namespace arbstr::proxy
