#include "proxy/server/health.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace arbstr::proxy {
namespace {

using State = Admission::State;
using TimePoint = std::chrono::steady_clock::time_point;

constexpr int kFailures = 2;
constexpr std::chrono::milliseconds kOpen{30'000};

class HealthTest : public ::testing::Test {
 protected:
  // Providers p0, p1, … with their lists.
  void Configure(const std::vector<std::vector<std::string>>& lists) {
    Config config;
    config.circuit_breaker.failures = kFailures;
    config.circuit_breaker.open = kOpen;
    for (size_t i = 0; i < lists.size(); ++i) {
      ProviderConfig provider;
      provider.name = "p" + std::to_string(i);
      provider.url = *ParseProviderUrl("http://" + provider.name + "/v1");
      provider.models = lists[i];
      config.providers.push_back(provider);
    }
    setup_ = *BuildSetup(config, setup_.get());
  }
  void Open(size_t provider, const std::string& model) { Fail(provider, model, kFailures); }
  void Fail(size_t provider, const std::string& model, int times) {
    for (int i = 0; i < times; ++i) {
      auto permit = setup_->admissions[provider]->Admit(model, now_);
      ASSERT_TRUE(permit) << model;
      permit->Exhausted(now_, [] { return std::string("502 \"down\""); });
    }
  }
  void Serve(size_t provider, const std::string& model) {
    auto permit = setup_->admissions[provider]->Admit(model, now_);
    ASSERT_TRUE(permit) << model;
    permit->Answered(now_);
  }
  void Refuse(size_t provider, const std::string& model) {
    setup_->admissions[provider]->Admit(model, now_)->Refused(now_);
  }
  std::string Status() const { return StatusName(HealthOf(*setup_, now_), LogHealth::kWorks, false); }

  std::shared_ptr<const arbstr::proxy::Setup> setup_;  // gtest has a Setup of its own
  TimePoint now_{std::chrono::hours(1000)};
};

TEST_F(HealthTest, TheOnlyModelOfTheOnlyProviderDecides) {
  for (const std::vector<std::string>& list : {std::vector<std::string>{"m"}, {}}) {
    setup_.reset();
    Configure({list});
    EXPECT_EQ(Status(), "ok");
    Open(0, "m");
    EXPECT_EQ(Status(), "unhealthy");
    now_ += kOpen;
    EXPECT_EQ(Status(), "degraded") << "its next request is the probe";
    {
      const auto probe = setup_->admissions[0]->Admit("m", now_);
      EXPECT_EQ(Status(), "unhealthy") << "until that has ended, others get nothing";
    }
    EXPECT_EQ(Status(), "degraded");
    Serve(0, "m");
    EXPECT_EQ(Status(), "ok");
    Open(0, "m");
    EXPECT_EQ(Status(), "unhealthy");
  }
}

TEST_F(HealthTest, AModelThatNobodyServesIsNotTheGateway) {
  Configure({{"a", "b"}, {"a", "b"}});
  for (const size_t provider : {0, 1}) Open(provider, "a");
  EXPECT_EQ(Status(), "degraded");
  Open(0, "b");
  EXPECT_EQ(Status(), "degraded");
  Open(1, "b");
  EXPECT_EQ(Status(), "unhealthy");
}

TEST_F(HealthTest, AModelThatAClientMadeUpIsNotTheGatewayEither) {
  Configure({{"a"}, {}});
  Open(1, "junk");
  EXPECT_EQ(Status(), "degraded");
  Configure({{}, {}});
  Serve(0, "llama");
  for (const size_t provider : {0, 1}) Open(provider, "more junk");
  EXPECT_EQ(Status(), "degraded");
  for (const size_t provider : {0, 1}) Open(provider, "llama");
  EXPECT_EQ(Status(), "unhealthy") << "what is in use is down";
}

TEST_F(HealthTest, WhatWasLastServedLongAgoStillShowsThatTheProviderServes) {
  Configure({{}});
  Serve(0, "llama");
  now_ += std::chrono::hours(100);
  Open(0, "junk");
  EXPECT_EQ(Status(), "degraded") << "a quiet night";
}

TEST_F(HealthTest, WhatNobodyUsesAnyMoreDoesNotHideWhatIsDown) {
  Configure({{}});
  Serve(0, "old");
  now_ += std::chrono::hours(2);
  Serve(0, "llama");
  Open(0, "llama");
  EXPECT_EQ(Status(), "unhealthy");
}

TEST_F(HealthTest, ARefusalIsNoService) {
  Configure({{}});
  Serve(0, "llama");
  Refuse(0, "junk");
  Open(0, "llama");
  EXPECT_EQ(Status(), "unhealthy");
}

TEST_F(HealthTest, ACrowdOfInventionsCannotTakeTheGatewayDown) {
  Configure({{}});
  Serve(0, "llama");
  for (int i = 0; i < 2'000; ++i) Open(0, "junk-" + std::to_string(i));
  EXPECT_EQ(Status(), "degraded");
  now_ += kOpen + retry::ModelBreakers::kUnasked;
  EXPECT_EQ(Status(), "ok") << "nobody asks for them any more";
}

TEST_F(HealthTest, AProviderThatServesAllStandsInForOneThatListsTheModel) {
  Configure({{"a"}, {}});
  Open(0, "a");
  EXPECT_EQ(Status(), "degraded");
  Open(1, "a");
  EXPECT_EQ(Status(), "unhealthy");
}

TEST_F(HealthTest, WhatAProviderNoLongerServesSaysNothing) {
  Configure({{"a"}, {"b"}});
  Open(0, "a");
  Configure({{"c"}, {"b"}});
  Open(1, "b");
  EXPECT_EQ(Status(), "degraded");
  Open(0, "c");
  EXPECT_EQ(Status(), "unhealthy");
}

TEST_F(HealthTest, TheModelsAreNamedTheWorstFirstAndNotAll) {
  std::vector<std::string> list;
  for (char c = 'a'; c <= 'p'; ++c) list.emplace_back(1, c);
  Configure({list, {}});
  Open(0, "a");
  now_ += kOpen;
  for (size_t i = 1; i < list.size(); ++i) Open(0, list[i]);
  const auto health = HealthOf(*setup_, now_).providers[0];
  ASSERT_EQ(health.models.size(), kNamedModels);
  EXPECT_EQ(health.models[0].model, "b");
  EXPECT_EQ(health.models[0].breaker, State::kOpen);
  EXPECT_EQ(health.not_named, list.size() - kNamedModels);
}

TEST_F(HealthTest, WhatAClientMadeUpIsCountedAndNotNamed) {
  Configure({{"a"}, {}});
  Serve(1, "llama");
  for (const char* model : {"a", "llama", "a-secret-pasted-here"}) Open(1, model);
  const auto health = HealthOf(*setup_, now_).providers[1];
  ASSERT_EQ(health.models.size(), 2u);
  EXPECT_EQ(health.models[0].model, "a");
  EXPECT_EQ(health.models[1].model, "llama");
  EXPECT_EQ(health.not_named, 1u);
}

TEST_F(HealthTest, TheLogAndTheDrainAreAboveIt) {
  Configure({{"a"}});
  EXPECT_STREQ(StatusName(HealthOf(*setup_, now_), LogHealth::kFailing, false), "degraded");
  Open(0, "a");
  EXPECT_STREQ(StatusName(HealthOf(*setup_, now_), LogHealth::kFailing, false), "unhealthy");
  EXPECT_STREQ(StatusName(HealthOf(*setup_, now_), LogHealth::kFailing, true), "draining");
  EXPECT_STREQ(StatusName(HealthOf(*setup_, now_), LogHealth::kFull, false), "unhealthy");
}

}  // namespace
}  // namespace arbstr::proxy
