#include "proxy/gateway.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <thread>

#include "request_log/log_reader.h"
#include "request_log/sqlite_sink.h"

namespace arbstr::proxy {
namespace {

// How soon it is noticed that the database has been moved away while no rows come.
constexpr std::chrono::seconds kUpkeepEvery{5};

// Questions about the log that may wait behind the one that is being answered; more are answered 503.
constexpr size_t kMostWaitingQueries = 64;

request_log::SqliteDurability SqliteDurabilityOf(const DatabaseConfig& database) {
  return database.durability == Durability::kBeforeResponse ? request_log::SqliteDurability::kBeforeResponse
                                                            : request_log::SqliteDurability::kGroup;
}

void CountWrite(LogMetrics& metrics, size_t rows, std::chrono::nanoseconds took, bool committed) {
  if (!committed) return metrics.failed_writes.Add();
  metrics.committed_rows.Add(rows);
  metrics.commit.Observe(took);
}

// Room for the rows of every connection at once, and for a while of traffic that the disk does not take.
size_t LogCapacity(const Config& config) { return 65536 + config.server.max_connections; }

}  // namespace

absl::StatusOr<std::unique_ptr<Gateway>> BuildGateway(const Config& config) {
  request_log::SqliteUpkeepOptions upkeep;
  upkeep.retention_days = config.database.retention_days;
  const auto gate = std::make_shared<request_log::ReaderGate>();
  auto sink =
      request_log::OpenSqlite(config.database.path, SqliteDurabilityOf(config.database), upkeep, gate);
  if (!sink.ok()) return sink.status();
  auto reader = request_log::LogReader::Open(config.database.path, gate);
  if (!reader.ok()) return reader.status();
  request_log::RequestLog::Options options;
  options.capacity = LogCapacity(config);
  options.upkeep_every = kUpkeepEvery;
  // Where responses wait for it, each commit takes the disk's time: it is worth a moment to share it.
  if (config.database.durability == Durability::kBeforeResponse) {
    options.window = std::chrono::milliseconds(1);
    options.until_expected = true;
  }
  options.on_error = [](const std::string& what) { spdlog::error("{}", what); };
  auto metrics = std::make_unique<LogMetrics>();  // outlives the log
  options.on_write = [&numbers = *metrics](size_t rows, std::chrono::nanoseconds took, bool committed) {
    CountWrite(numbers, rows, took, committed);
  };
  auto log = std::make_unique<request_log::RequestLog>(*std::move(sink), std::move(options));
  auto queries = std::make_unique<request_log::QueryThread>(*std::move(reader), kMostWaitingQueries);
  return std::make_unique<Gateway>(config, std::move(metrics), std::move(log), std::move(queries));
}

size_t EventLoopCount(int configured) {
  return configured > 0 ? static_cast<size_t>(configured) : std::max(1U, std::thread::hardware_concurrency());
}

}  // namespace arbstr::proxy
