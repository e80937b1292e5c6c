#include "proxy/logging.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/async.h>
#include <spdlog/formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "proxy/log_line.h"

namespace arbstr::proxy {
namespace {

constexpr size_t kQueueLines = 8192;
constexpr std::chrono::seconds kStopTime{1};

class JsonLineFormatter final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    const auto millis =
        std::chrono::duration_cast<std::chrono::milliseconds>(message.time.time_since_epoch()).count() % 1000;
    const auto level = spdlog::level::to_string_view(message.level);
    std::string text = fmt::format(R"({{"time":"{:%Y-%m-%dT%H:%M:%S}.{:03}Z","level":"{}",)",
                                   fmt::gmtime(std::chrono::system_clock::to_time_t(message.time)), millis,
                                   std::string_view(level.data(), level.size()));
    const std::string_view payload(message.payload.data(), message.payload.size());
    if (payload.starts_with(kJsonMembers)) {
      text.append(payload.substr(1));
    } else {
      text.append("\"message\":");
      AppendQuoted(text, payload);
    }
    text.append("}\n");
    out.append(text.data(), text.data() + text.size());
  }
  std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<JsonLineFormatter>(); }
};

spdlog::level::level_enum LevelOf(LogLevel level) {
  switch (level) {
    case LogLevel::kTrace:
      return spdlog::level::trace;
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarn:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

}  // namespace

void StartLogging(const LoggingConfig& config) {
  spdlog::init_thread_pool(kQueueLines, 1);
  auto logger = std::make_shared<spdlog::async_logger>(
      "arbstr", std::make_shared<spdlog::sinks::stderr_sink_mt>(), spdlog::thread_pool(),
      spdlog::async_overflow_policy::overrun_oldest);
  logger->set_level(LevelOf(config.level));
  if (config.format == LogFormat::kJson) {
    logger->set_formatter(std::make_unique<JsonLineFormatter>());
  } else {
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %^%l%$ %v", spdlog::pattern_time_type::utc);
  }
  spdlog::set_default_logger(std::move(logger));
}

bool StopLogging() {
  struct End {
    std::mutex mutex;
    std::condition_variable reached;
    bool is_reached = false;
  };
  const auto end = std::make_shared<End>();
  // The logger is held until the writing thread has been joined: so its end, not a counter inside spdlog,
  // orders the logger's destruction behind its last line.
  std::thread stopping([end, logger = spdlog::default_logger()]() mutable {
    spdlog::shutdown();
    logger.reset();
    std::lock_guard lock(end->mutex);
    end->is_reached = true;
    end->reached.notify_one();
  });
  std::unique_lock lock(end->mutex);
  const bool stopped = end->reached.wait_for(lock, kStopTime, [&] { return end->is_reached; });
  lock.unlock();
  stopped ? stopping.join() : stopping.detach();
  return stopped;
}

}  // namespace arbstr::proxy
