#include "proxy/server/log_routes.h"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <memory>
#include <new>
#include <string>
#include <thread>
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

// Looks for its answer until it is stopped.
class SlowReader final : public request_log::LogReader {
 public:
  SlowReader(std::atomic<bool>& asked, std::atomic<bool>& stopped) : asked_(asked), stopped_(stopped) {}
  absl::StatusOr<request_log::Page> ReadPage(const request_log::PageQuery&,
                                             const std::function<bool()>& stopped) override {
    return Look(stopped);
  }
  absl::StatusOr<request_log::Stats> ReadStats(const request_log::StatsQuery&,
                                               const std::function<bool()>& stopped) override {
    return Look(stopped);
  }

 private:
  absl::Status Look(const std::function<bool()>& stopped) {
    asked_ = true;
    while (!stopped()) std::this_thread::yield();
    stopped_ = true;
    return absl::CancelledError(std::string("stopped"));
  }

  std::atomic<bool>& asked_;
  std::atomic<bool>& stopped_;
};

class LogRoutesTest : public TestingSession {
 protected:
  void StartReading(std::unique_ptr<request_log::LogReader> reader) {
    const Config config = TestingConfig();
    auto sink = request_log::OpenSqlite(config.database.path, request_log::SqliteDurability::kGroup, {});
    ASSERT_TRUE(sink.ok()) << sink.status();
    auto log =
        std::make_unique<request_log::RequestLog>(*std::move(sink), request_log::RequestLog::Options());
    auto queries = std::make_unique<request_log::QueryThread>(std::move(reader), 4);
    StartWith(
        std::make_unique<Gateway>(config, std::make_unique<LogMetrics>(), std::move(log), std::move(queries)),
        config, nullptr);
  }

  std::atomic<bool> asked_ = false, stopped_ = false;
};

TEST_F(LogRoutesTest, WhatItsClientNoLongerWaitsForIsGivenUp) {
  StartReading(std::make_unique<SlowReader>(asked_, stopped_));
  const auto begun = std::chrono::steady_clock::now();
  asio::ip::tcp::socket client = Connect();
  asio::write(client, asio::buffer(std::string("GET /v1/stats HTTP/1.1\r\nhost: gateway\r\n\r\n")));
  ASSERT_TRUE(RunUntil([&] { return asked_.load(); }));
  client.close();
  EXPECT_TRUE(RunUntil([&] { return stopped_.load(); }));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10)) << "the time for any answer";
}

TEST_F(LogRoutesTest, WithoutMemoryForAnAnswerThatIsTheAnswer) {
  StartReading(std::make_unique<ReaderWithoutMemory>());
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
