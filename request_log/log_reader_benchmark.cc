// Pages and stats of a log of 1,000,000 rows of the last 30 days (REQUEST_LOG_ROWS for another number).

#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <cstdlib>
#include <filesystem>

#include "request_log/log_reader.h"
#include "request_log/sqlite_sink.h"
#include "request_log/testing_rows.h"

namespace arbstr::request_log {
namespace {

constexpr std::int64_t kDay = 86'400'000;
constexpr std::int64_t kNow = 20'000 * kDay;
constexpr std::size_t kBatch = 1000;

std::int64_t RowCount() {
  const char* const rows = std::getenv("REQUEST_LOG_ROWS");
  return rows == nullptr ? 1'000'000 : std::atoll(rows);
}

// Made once, removed at the end. Rows come in about the order of their times, as they do from a gateway.
class BigLog {
 public:
  BigLog() {
    if (mkdtemp(folder_.data()) == nullptr) std::abort();
    auto sink = OpenSqlite(path(), SqliteDurability::kGroup);
    if (!sink.ok()) std::abort();
    RandomRows random(1, At(0), At(5'000));
    const std::int64_t rows = RowCount();
    for (std::int64_t done = 0; done < rows; done += kBatch) {
      std::vector<Record> batch = random.Next(kBatch);
      for (Record& row : batch)
        row.timestamp += std::chrono::milliseconds(kNow - 30 * kDay * (rows - done) / rows);
      if (!(*sink)->Write(batch).ok() || !(*sink)->Maintain(At(kNow)).ok()) std::abort();
    }
  }
  ~BigLog() { std::filesystem::remove_all(folder_); }
  std::string path() const { return folder_ + "/arbstr.db"; }

 private:
  std::string folder_ = std::filesystem::temp_directory_path() / "log_reader_benchmark_XXXXXX";
};

LogReader& Reader() {
  static const BigLog log;
  static const std::unique_ptr<LogReader> reader = *LogReader::Open(log.path());
  return *reader;
}

RowFilter LastDays(std::int64_t days) { return {At(kNow - days * kDay), At(kNow + 1), {}, {}, {}, {}}; }

void AskForPage(benchmark::State& state, const PageQuery& query) {
  LogReader& reader = Reader();
  std::int64_t total = 0;
  for (auto _ : state) {
    const auto page = reader.ReadPage(query, NeverStopped);
    if (!page.ok()) return state.SkipWithError("page");
    total = page->total;
  }
  state.counters["rows"] = static_cast<double>(total);
}

void AskForStats(benchmark::State& state, const StatsQuery& query) {
  LogReader& reader = Reader();
  std::int64_t total = 0;
  for (auto _ : state) {
    const auto stats = reader.ReadStats(query, NeverStopped);
    if (!stats.ok()) return state.SkipWithError("stats");
    total = stats->all.total;
  }
  state.counters["rows"] = static_cast<double>(total);
}

void FirstPage(benchmark::State& state) { AskForPage(state, {.filter = LastDays(state.range(0))}); }
BENCHMARK(FirstPage)->Arg(1)->Arg(7)->Arg(30)->Unit(benchmark::kMillisecond);

// page * per_page is 1,000,000.
void LastPageThereIs(benchmark::State& state) {
  AskForPage(state, {.filter = LastDays(30), .page = 10'000, .per_page = 100});
}
BENCHMARK(LastPageThereIs)->Unit(benchmark::kMillisecond);

void PageInTheMiddle(benchmark::State& state) {
  AskForPage(state, {.filter = LastDays(30), .page = 5'000, .per_page = 100});
}
BENCHMARK(PageInTheMiddle)->Unit(benchmark::kMillisecond);

void FilteredPage(benchmark::State& state) {
  PageQuery query{.filter = LastDays(30)};
  query.filter.model = "model-1";
  query.filter.provider = "provider-2";
  query.filter.success = false;
  AskForPage(state, query);
}
BENCHMARK(FilteredPage)->Unit(benchmark::kMillisecond);

void PageByCost(benchmark::State& state) {
  AskForPage(state, {.filter = LastDays(30), .sort = SortBy::kCostSats, .page = state.range(0)});
}
BENCHMARK(PageByCost)->Arg(1)->Arg(10'000)->Unit(benchmark::kMillisecond);

void PageByLatency(benchmark::State& state) {
  AskForPage(state, {.filter = LastDays(30), .sort = SortBy::kLatencyMs, .page = state.range(0)});
}
BENCHMARK(PageByLatency)->Arg(1)->Arg(10'000)->Unit(benchmark::kMillisecond);

void StatsOfDays(benchmark::State& state) {
  AskForStats(state, {LastDays(state.range(0)), GroupBy::kNothing});
}
BENCHMARK(StatsOfDays)->Arg(1)->Arg(7)->Arg(30)->Unit(benchmark::kMillisecond);

void StatsByModel(benchmark::State& state) { AskForStats(state, {LastDays(30), GroupBy::kModel}); }
BENCHMARK(StatsByModel)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace arbstr::request_log
