#include "proxy/server/log_routes.h"

#include <gtest/gtest.h>

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <memory>
#include <new>
#include <string>
#include <utility>

#include "proxy/server/testing_session.h"
#include "request_log/sqlite_sink.h"

namespace arbstr::proxy {
namespace {

class ReaderWithoutMemory final : public request_log::LogReader {
 public:
  absl::StatusOr<request_log::Page> ReadPage(const request_log::PageQuery&,
                                             const std::function<bool()>&) override {
    throw std::bad_alloc();
  }
  absl::StatusOr<request_log::Stats> ReadStats(const request_log::StatsQuery&,
                                               const std::function<bool()>&) override {
    throw std::bad_alloc();
  }
};

class LogRoutesTest : public TestingSession {
 protected:
  void SetUp() override {
    const Config config = TestingConfig();
    auto sink = request_log::OpenSqlite(config.database.path, request_log::SqliteDurability::kGroup, {});
    ASSERT_TRUE(sink.ok()) << sink.status();
    auto log =
        std::make_unique<request_log::RequestLog>(*std::move(sink), request_log::RequestLog::Options());
    auto queries = std::make_unique<request_log::QueryThread>(std::make_unique<ReaderWithoutMemory>(), 4);
    StartWith(
        std::make_unique<Gateway>(config, std::make_unique<LogMetrics>(), std::move(log), std::move(queries)),
        config, nullptr);
  }
};

TEST_F(LogRoutesTest, WithoutMemoryForAnAnswerThatIsTheAnswer) {
  for (const char* target : {"/v1/stats", "/v1/requests"}) {
    asio::ip::tcp::socket client = Connect();
    asio::write(client, asio::buffer(std::string("GET ") + target + " HTTP/1.1\r\nhost: gateway\r\n\r\n"));
    ASSERT_TRUE(RunUntil([&] { return client.available() > 0; }));
    std::string answer(client.available(), '\0');
    asio::read(client, asio::buffer(answer));
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 503 ")) << answer;
    EXPECT_NE(answer.find("log_unavailable"), std::string::npos) << answer;
    EXPECT_NE(answer.find("memory"), std::string::npos) << answer;
  }
}

}  // namespace
}  // namespace arbstr::proxy
