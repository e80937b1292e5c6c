#include "proxy/logging.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/formatter.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "proxy/line_writer.h"
#include "proxy/log_line.h"

namespace arbstr::proxy {
namespace {

constexpr size_t kMaxBytes = 8 << 20;
constexpr std::chrono::seconds kStopTime{1};

// Formats on the thread that logs. The lock is the formatter's: it keeps the last second's text.
class StderrSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit StderrSink(LineWriter& writer) : writer_(writer) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    writer_.Append(std::string_view(line.data(), line.size()));
  }
  void flush_() override {}

  LineWriter& writer_;
};

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

std::unique_ptr<spdlog::formatter> TextFormatter() {
  return std::make_unique<spdlog::pattern_formatter>("%Y-%m-%dT%H:%M:%S.%eZ %^%l%$ %v",
                                                     spdlog::pattern_time_type::utc);
}

std::unique_ptr<spdlog::formatter> JsonFormatter() { return std::make_unique<JsonLineFormatter>(); }

// What stands for lines that were dropped is a line like any other.
std::string Gap(spdlog::formatter& formatter, uint64_t lines) {
  const std::string text = fmt::format("{} lines are missing here: what reads them was too slow", lines);
  spdlog::memory_buf_t line;
  formatter.format(spdlog::details::log_msg("arbstr", spdlog::level::warn, text), line);
  return fmt::to_string(line);
}

std::string TextGap(uint64_t lines) { return Gap(*TextFormatter(), lines); }
std::string JsonGap(uint64_t lines) { return Gap(*JsonFormatter(), lines); }

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

std::unique_ptr<LineWriter> StartLogging(const LoggingConfig& config) {
  const bool json = config.format == LogFormat::kJson;
  auto writer = std::make_unique<LineWriter>(STDERR_FILENO, kMaxBytes, json ? JsonGap : TextGap);
  auto logger = std::make_shared<spdlog::logger>("arbstr", std::make_shared<StderrSink>(*writer));
  logger->set_level(LevelOf(config.level));
  logger->set_formatter(json ? JsonFormatter() : TextFormatter());
  spdlog::set_default_logger(std::move(logger));
  return writer;
}

bool StopLogging(std::unique_ptr<LineWriter> writer) {
  spdlog::set_default_logger(std::make_shared<spdlog::logger>("ended"));
  if (writer->Stop(kStopTime)) return true;
  static_cast<void>(writer.release());
  return false;
}

}  // namespace arbstr::proxy
