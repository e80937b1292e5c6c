#include "proxy/config/restart_keys.h"

#include <gtest/gtest.h>

#include <string>

#include "proxy/config/load.h"

namespace arbstr::proxy {
namespace {

constexpr const char* kProvider = "[[providers]]\nname = \"a\"\nurl = \"http://h/v1\"\n";

Config Load(const std::string& text) {
  const LoadResult loaded = LoadConfig(text, "f", [](const std::string&) { return std::nullopt; });
  EXPECT_TRUE(loaded.config) << text;
  return loaded.config.value_or(Config());
}

std::string Changed(const std::string& section, const std::string& line) {
  std::string all;
  for (const auto& key :
       KeysThatNeedARestart(Load(kProvider), Load("[" + section + "]\n" + line + "\n" + kProvider))) {
    all += (all.empty() ? "" : " ") + key;
  }
  return all;
}

TEST(RestartKeysTest, EachKeyThatCannotChangeWhileRunningIsNamed) {
  const std::pair<const char*, const char*> lines[] = {{"server", "listen = \"127.0.0.1:1\""},
                                                       {"server", "threads = 3"},
                                                       {"server", "auth_token = \"t\""},
                                                       {"server", "max_connections = 3"},
                                                       {"server", "rate_limit_rps = 3"},
                                                       {"server", "cors_origins = [\"https://a.example\"]"},
                                                       {"logging", "bodies = true"},
                                                       {"server", "max_body_bytes = 3"},
                                                       {"server", "max_response_bytes = 3"},
                                                       {"server", "max_header_bytes = 2000"},
                                                       {"server", "header_timeout_ms = 3"},
                                                       {"server", "body_timeout_ms = 3"},
                                                       {"server", "idle_timeout_ms = 3"},
                                                       {"server", "drain_timeout_ms = 3"},
                                                       {"database", "path = \"x\""},
                                                       {"database", "retention_days = 3"},
                                                       {"database", "durability = \"before_response\""},
                                                       {"logging", "level = \"debug\""},
                                                       {"logging", "format = \"json\""}};
  for (const auto& [section, line] : lines) {
    const std::string key = std::string(line).substr(0, std::string(line).find(' '));
    EXPECT_EQ(Changed(section, line), std::string(section) + "." + key);
  }
  EXPECT_EQ(Changed("server", "tls_certificate = \"c\"\ntls_key = \"k\""), "server.tls_certificate");
}

TEST(RestartKeysTest, WhatIsReloadedIsNot) {
  EXPECT_EQ(Changed("retry", "max_retries = 9"), "");
  EXPECT_EQ(Changed("circuit_breaker", "failures = 9"), "");
  EXPECT_EQ(Changed("policies", "default_strategy = \"round_robin\""), "");
  const std::string tls = "[server]\ntls_certificate = \"c\"\ntls_key = \"k\"\n";
  const std::string other = "[server]\ntls_certificate = \"d\"\ntls_key = \"l\"\n";
  EXPECT_TRUE(KeysThatNeedARestart(Load(tls + kProvider), Load(other + kProvider)).empty());
}

}  // namespace
}  // namespace arbstr::proxy
