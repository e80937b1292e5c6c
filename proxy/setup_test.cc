#include "proxy/setup.h"

#include <gtest/gtest.h>

#include <string>

namespace arbstr::proxy {
namespace {

using Clock = std::chrono::steady_clock;

ProviderConfig Provider(const std::string& name, const std::string& url) {
  ProviderConfig provider;
  provider.name = name;
  provider.url = *ParseProviderUrl(url);
  return provider;
}

Config TwoProviders() {
  Config config;
  config.providers = {Provider("alpha", "http://a/v1"), Provider("beta", "http://b/v1")};
  config.circuit_breaker.failures = 1;
  return config;
}

std::shared_ptr<const Setup> Build(const Config& config, const Setup* previous = nullptr) {
  auto setup = BuildSetup(config, previous);
  EXPECT_TRUE(setup.ok()) << setup.status();
  return setup.ok() ? *std::move(setup) : nullptr;
}

void OpenBreaker(Admission& admission) {
  auto permit = admission.Admit("m", Clock::now());
  ASSERT_TRUE(permit);
  permit->Exhausted(Clock::now(), [] { return std::string("502 \"down\""); });
}

TEST(SetupTest, AProviderThatStaysKeepsItsConnectionsAndItsState) {
  Config config = TwoProviders();
  const auto first = Build(config);
  OpenBreaker(*first->admissions[1]);
  std::swap(config.providers[0], config.providers[1]);
  config.retry.max_retries = 7;
  const auto second = Build(config, first.get());
  EXPECT_EQ(second->upstreams[0], first->upstreams[1]);
  EXPECT_EQ(second->upstreams[1], first->upstreams[0]);
  EXPECT_FALSE(second->admissions[0]->Admit("m", Clock::now())) << "its breaker is open still";
  EXPECT_TRUE(second->admissions[1]->Admit("m", Clock::now()));
  EXPECT_EQ(second->retry_policy.max_retries, 7);
}

TEST(SetupTest, OneThatChangedHasNewConnectionsAndTheStateOfItsUrl) {
  Config config = TwoProviders();
  const auto first = Build(config);
  OpenBreaker(*first->admissions[0]);
  OpenBreaker(*first->admissions[1]);
  config.providers[0].api_key = "another";
  config.providers[1].url = *ParseProviderUrl("http://elsewhere/v1");
  const auto second = Build(config, first.get());
  EXPECT_NE(second->upstreams[0], first->upstreams[0]);
  EXPECT_NE(second->upstreams[0]->head.find("another"), std::string::npos);
  EXPECT_FALSE(second->admissions[0]->Admit("m", Clock::now()));
  EXPECT_TRUE(second->admissions[1]->Admit("m", Clock::now())) << "nothing is known of that URL";
}

TEST(SetupTest, LimitsThatChangedHoldForWhatIsUnderWayToo) {
  Config config = TwoProviders();
  const auto first = Build(config);
  const auto permit = first->admissions[0]->Admit("m", Clock::now());
  ASSERT_TRUE(permit);
  config.providers[0].max_concurrency = 1;
  const auto second = Build(config, first.get());
  EXPECT_FALSE(second->admissions[0]->Admit("m", Clock::now())) << "its one place is taken";
}

TEST(SetupTest, WithoutBreakersNoneIsOpen) {
  Config config = TwoProviders();
  const auto first = Build(config);
  OpenBreaker(*first->admissions[0]);
  config.circuit_breaker.failures = 0;
  EXPECT_TRUE(Build(config, first.get())->admissions[0]->Admit("m", Clock::now()));
}

TEST(SetupTest, AMistakeChangesNothingThatIsShared) {
  Config config = TwoProviders();
  const auto first = Build(config);
  const auto permit = first->admissions[0]->Admit("m", Clock::now());
  config.providers[0].max_concurrency = 1;
  config.providers[1] = Provider("beta", "https://b/v1");
  config.providers[1].tls_ca_file = "/no/such/ca.pem";
  const auto failed = BuildSetup(config, first.get());
  ASSERT_FALSE(failed.ok());
  EXPECT_NE(std::string(failed.status().message()).find("/no/such/ca.pem"), std::string::npos);
  EXPECT_TRUE(first->admissions[0]->Admit("m", Clock::now())) << "the old limits hold";
}

}  // namespace
}  // namespace arbstr::proxy
