#include "proxy/config/describe.h"

#include <gtest/gtest.h>

#include "proxy/config/load.h"

namespace arbstr::proxy {
namespace {

Config Loaded(const std::string& text) {
  LoadResult loaded = LoadConfig(text, "f.toml", [](const std::string&) { return std::nullopt; });
  EXPECT_TRUE(loaded.config) << loaded.errors.front();
  return std::move(loaded.config).value_or(Config());
}

const std::string kFull = R"(
[server]
listen = "[::1]:0"
threads = 3
max_connections = 77
cors_origins = []
[database]
path = "C:\\a \"b\"\n\u0001\u007f.db"
durability = "before_response"
[retry]
max_retries = 5
backoff_ms = [1, 2]
jitter = 0.125
deadline_by_model = { "o3*" = 600000, "a\"b" = 5 }
statuses = []
fallback_statuses = [401, 429]
[[providers]]
name = "dear"
url = "https://api.example.com/v1"
auth = "api-key"
stream_usage = false
models = ["gpt-4o", "x y"]
model_names = { "gpt-4o" = "openai/gpt-4o" }
input_rate = 1e15
output_rate = 0.1
base_fee = 123456.789
tls_ca_file = "ca \t.pem"
[[providers]]
name = "cheap"
url = "http://127.0.0.1:9101/v1"
[policies]
default_strategy = "round_robin"
[[policies.rules]]
name = "co\nde"
allowed_models = ["gpt-4o"]
strategy = "lowest_latency"
max_sats_per_1m_output = 50000
keywords = ["fünction", "de\tbug"]
[logging]
level = "error"
format = "json"
)";

TEST(DescribeTest, TheVariableOfAKeyThatIsNotThereIsNamed) {
  const std::string described = DescribeConfig(Loaded(kFull));
  EXPECT_NE(described.find("# no api_key (where it is left out, ARBSTR_DEAR_API_KEY): no credentials"),
            std::string::npos)
      << described;
}

TEST(DescribeTest, WhatIsPrintedIsTomlThatLoadsToTheSame) {
  const Config config = Loaded(kFull);
  const std::string described = DescribeConfig(config);
  const Config again = Loaded(described);
  EXPECT_EQ(DescribeConfig(again), described);
  EXPECT_EQ(again.server.listen, config.server.listen);
  EXPECT_EQ(again.server.threads, 3);
  EXPECT_EQ(again.server.max_connections, 77u);
  EXPECT_EQ(again.database.path, "C:\\a \"b\"\n\x01\x7f.db");
  EXPECT_EQ(again.database.durability, Durability::kBeforeResponse);
  EXPECT_EQ(again.retry.backoff, config.retry.backoff);
  EXPECT_EQ(again.retry.jitter, 0.125);
  EXPECT_EQ(again.retry.deadline_by_model, config.retry.deadline_by_model);
  EXPECT_EQ(again.retry.statuses, config.retry.statuses);
  EXPECT_EQ(again.retry.fallback_statuses, config.retry.fallback_statuses);
  ASSERT_EQ(again.providers.size(), 2u);
  EXPECT_EQ(again.providers[0].url, config.providers[0].url);
  EXPECT_EQ(again.providers[0].auth, ProviderConfig::Auth::kApiKey);
  EXPECT_FALSE(again.providers[0].stream_usage);
  EXPECT_EQ(again.providers[0].models, config.providers[0].models);
  EXPECT_EQ(again.providers[0].model_names, config.providers[0].model_names);
  EXPECT_EQ(again.providers[0].input_rate, 1e15);
  EXPECT_EQ(again.providers[0].output_rate, 0.1);
  EXPECT_EQ(again.providers[0].base_fee, 123456.789);
  EXPECT_EQ(again.providers[0].tls_ca_file, "ca \t.pem");
  EXPECT_EQ(again.policies.default_strategy, router::Strategy::kRoundRobin);
  ASSERT_EQ(again.policies.rules.size(), 1u);
  EXPECT_EQ(again.policies.rules[0].name, "co\nde");
  EXPECT_EQ(again.policies.rules[0].strategy, router::Strategy::kLowestLatency);
  EXPECT_EQ(again.policies.rules[0].keywords, config.policies.rules[0].keywords);
  EXPECT_EQ(again.logging.level, LogLevel::kError);
  EXPECT_EQ(again.logging.format, LogFormat::kJson);
}

TEST(DescribeTest, EveryKeyOfADefaultConfigurationIsShown) {
  const std::string text = DescribeConfig(Loaded("[[providers]]\nname = \"a\"\nurl = \"http://h/v1\"\n"));
  for (const char* line : {"listen = \"127.0.0.1:8080\"\n", "threads = 0\n", "max_body_bytes = 33554432\n",
                           "idle_timeout_ms = 75000\n", "path = \"arbstr.db\"\n", "durability = \"group\"\n",
                           "backoff_ms = [1000, 2000, 4000]\n", "jitter = 0.2\n",
                           "statuses = [500, 502, 503, 504, 520, 521, 522, 523, 524, 529]\n",
                           "streaming = \"fail_fast\"\n", "name = \"a\"\n", "url = \"http://h/v1\"\n",
                           "auth = \"bearer\"\n", "default_strategy = \"cheapest\"\n", "open_ms = 30000\n",
                           "level = \"info\"\n", "format = \"text\"\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
  }
}

TEST(DescribeTest, NoSecretIsShownWhole) {
  Config config = Loaded(
      "[server]\nauth_token = \"token-s3cr3t-s3cr3t\"\n[[providers]]\nname = \"a\"\nurl = "
      "\"https://h/v1?key=query-s3cr3t&v=query-s3cr3t\"\napi_key = \"sk-12345-s3cr3t\"\nheaders = { "
      "Authorization = \"Basic s3cr3t-s3cr3t\" }\n");
  const std::string text = DescribeConfig(config) + DescribeProviders(config);
  EXPECT_EQ(text.find("s3cr3t"), std::string::npos) << text;
  EXPECT_NE(text.find("api_key = \"sk-12…\""), std::string::npos) << text;
  EXPECT_NE(text.find("auth_token = \"token…\""), std::string::npos) << text;
}

TEST(DescribeProvidersTest, IsALineAProviderCheapestFirst) {
  const std::string table = DescribeProviders(Loaded(
      "[[providers]]\nname = \"dear\"\nurl = \"http://h\"\nbase_fee = 9\n[[providers]]\nname = \"b\"\nurl = "
      "\"http://h\"\nmodels = [\"m1\", \"m2\"]\n[[providers]]\nname = \"a\"\nurl = \"http://h\"\n"
      "[[providers]]\nname = \"mid\"\nurl = \"http://h\"\ninput_rate = 1000\noutput_rate = 2000\n"));
  const size_t a = table.find("\na "), b = table.find("\nb "), mid = table.find("\nmid "),
               dear = table.find("\ndear ");
  ASSERT_NE(dear, std::string::npos) << table;
  EXPECT_TRUE(a < b && b < mid && mid < dear) << table;
  EXPECT_NE(table.find("2.0000"), std::string::npos) << table;  // 1000 tokens in, 500 out
  EXPECT_NE(table.find("m1, m2"), std::string::npos) << table;
  EXPECT_NE(table.find("every model"), std::string::npos) << table;
}

}  // namespace
}  // namespace arbstr::proxy
