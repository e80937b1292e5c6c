// The configuration with which tests of the server start a gateway inside their own process.
#ifndef ARBSTR_PROXY_SERVER_TESTING_CONFIG_H_
#define ARBSTR_PROXY_SERVER_TESTING_CONFIG_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <string>

#include "proxy/config/config.h"
#include "request_log/log_reader.h"

namespace arbstr::proxy {

// Any free port, one event loop, a new database of the running test's own, and one provider on loopback.
inline Config TestingConfig(std::uint16_t provider_port = 9) {
  const auto* const test = testing::UnitTest::GetInstance()->current_test_info();
  const std::string folder = testing::TempDir() + "/" + test->name();
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  Config config;
  config.server.listen.port = 0;
  config.server.threads = 1;
  config.database.path = folder + "/arbstr.db";
  config.retry.max_retries = 0;
  config.providers.emplace_back();
  config.providers[0].name = "alpha";
  config.providers[0].url = *ParseProviderUrl("http://127.0.0.1:" + std::to_string(provider_port) + "/v1");
  return config;
}

// A chat request as a client sends it, or another that has such a body.
inline std::string TestingChatRequest(
    const std::string& body = R"({"model":"gpt-4o","messages":[{"role":"user","content":"Hello"}]})",
    const std::string& path = "/v1/chat/completions") {
  return "POST " + path + " HTTP/1.1\r\nhost: gateway\r\ncontent-type: application/json\r\ncontent-length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

// The only row there is in that database; a test's failure where there are more or none.
inline request_log::Record OnlyRow(const std::string& database) {
  auto reader = request_log::LogReader::Open(database);
  EXPECT_TRUE(reader.ok()) << reader.status();
  if (!reader.ok()) return {};
  request_log::PageQuery all;
  all.filter.until = request_log::LogTime::max();
  const auto page = (*reader)->ReadPage(all, [] { return false; });
  EXPECT_TRUE(page.ok()) << page.status();
  if (!page.ok()) return {};
  EXPECT_EQ(page->rows.size(), 1u);
  return page->rows.size() == 1 ? page->rows[0].record : request_log::Record();
}

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_SERVER_TESTING_CONFIG_H_
