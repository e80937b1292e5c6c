#include "proxy/logging.h"

#include <fmt/format.h>
#include <spdlog/formatter.h>
#include <spdlog/sinks/sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "proxy/line_writer.h"
#include "proxy/log_line.h"
#include "request_log/timestamp.h"

namespace arbstr::proxy {
namespace {

constexpr size_t kMaxBytes = 8 << 20;
constexpr std::chrono::seconds kStopTime{1};

std::string_view View(spdlog::string_view_t text) { return {text.data(), text.size()}; }

// A message as a line, in the pieces that it is put together from where it waits to be written.
class Line {
 public:
  // `message` outlives this.
  Line(LogFormat format, const spdlog::details::log_msg& message)
      : time_(request_log::FormatTimestamp(message.time)) {
    const std::string_view level = View(spdlog::level::to_string_view(message.level));
    std::string_view text = View(message.payload);
    if (format == LogFormat::kText) {
      pieces_ = {time_, " ", level, " ", text, "\n"};
      return;
    }
    if (text.starts_with(kJsonMembers)) {
      text.remove_prefix(1);
    } else {
      members_ = "\"message\":";
      AppendQuoted(members_, text);
      text = members_;
    }
    pieces_ = {"{\"time\":\"", time_, "\",\"level\":\"", level, "\",", text, "}\n"};
  }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  std::span<const std::string_view> pieces() const& { return pieces_; }
  void pieces() && = delete;  // they would outlive what they point to

 private:
  const std::string time_;
  std::string members_;
  std::array<std::string_view, 7> pieces_;
};

// Composes lines itself and on the thread that logs: spdlog's own formatter has a lock, and each line copied
// once more.
class StderrSink final : public spdlog::sinks::sink {
 public:
  StderrSink(LogFormat format, LineWriter& writer) : format_(format), writer_(writer) {}

  void log(const spdlog::details::log_msg& message) override {
    const Line line(format_, message);
    writer_.Append(line.pieces());
  }
  void flush() override {}
  void set_pattern(const std::string&) override {}
  void set_formatter(std::unique_ptr<spdlog::formatter>) override {}

 private:
  const LogFormat format_;
  LineWriter& writer_;
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

std::string GapLine(LogFormat format, uint64_t lines) {
  const std::string text = fmt::format("{} log lines dropped here: stderr was read too slowly", lines);
  const spdlog::details::log_msg message("arbstr", spdlog::level::warn, text);
  const Line line(format, message);
  std::string whole;
  for (const std::string_view piece : line.pieces()) whole.append(piece);
  return whole;
}

std::unique_ptr<LineWriter> StartLogging(const LoggingConfig& config) {
  const LogFormat format = config.format;
  auto writer = std::make_unique<LineWriter>(STDERR_FILENO, kMaxBytes,
                                             [format](uint64_t lines) { return GapLine(format, lines); });
  auto logger =
      std::make_shared<spdlog::logger>("arbstr", std::make_shared<StderrSink>(config.format, *writer));
  logger->set_level(LevelOf(config.level));
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
