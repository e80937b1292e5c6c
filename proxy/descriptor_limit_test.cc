#include "proxy/descriptor_limit.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace arbstr::proxy {
namespace {

Config With(std::size_t max_connections, std::initializer_list<std::size_t> max_concurrency) {
  Config config;
  config.server.max_connections = max_connections;
  for (const std::size_t most : max_concurrency) {
    config.providers.emplace_back().max_concurrency = most;
  }
  return config;
}

TEST(DescriptorLimitTest, EachClientMayNeedAConnectionToAProvider) {
  const auto warning = DescriptorWarning(With(1000, {0, 5}), 1999);
  ASSERT_TRUE(warning);
  EXPECT_NE(warning->find("1000 clients and up to 1000 connections to providers"), std::string::npos)
      << *warning;
  EXPECT_NE(warning->find("2000 file descriptors, but the limit is 1999"), std::string::npos) << *warning;
  EXPECT_FALSE(DescriptorWarning(With(1000, {0, 5}), 2000));
}

TEST(DescriptorLimitTest, ProvidersThatTakeFewRequestsAtOnceNeedFew) {
  EXPECT_TRUE(DescriptorWarning(With(1000, {20, 30}), 1049));
  EXPECT_FALSE(DescriptorWarning(With(1000, {20, 30}), 1050));
}

TEST(DescriptorLimitTest, WhatIsRaisedIsTheProcessesLimit) {
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  limit.rlim_cur = limit.rlim_max - 1;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
  const auto raised = RaiseDescriptorLimit();
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(raised, limit.rlim_cur);
  EXPECT_EQ(raised, limit.rlim_max);
}

}  // namespace
}  // namespace arbstr::proxy
