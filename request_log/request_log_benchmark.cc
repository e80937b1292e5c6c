#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <filesystem>
#include <string>
#include <vector>

#include "request_log/request_log.h"
#include "request_log/sqlite_sink.h"

namespace arbstr::request_log {
namespace {

Record TypicalRow(std::uint64_t i) {
  Record record;
  record.correlation_id = "01890a5d-ac96-774b-bcce-" + std::to_string(100'000'000'000 + i);
  record.timestamp = std::chrono::system_clock::now();
  record.model = "gpt-4o";
  record.provider = "alpha";
  record.input_tokens = 100;
  record.output_tokens = 50;
  record.cost_sats = 3.5;
  record.latency_ms = 120;
  record.success = true;
  record.attempts = 1;
  return record;
}

class NullSink : public Sink {
 public:
  absl::Status Write(std::span<const Record>) override { return absl::OkStatus(); }
  absl::StatusOr<bool> Maintain(std::chrono::system_clock::time_point) override { return false; }
};

// What a request's thread pays: reserve and append, with the writer taking rows away meanwhile.
void Enqueue(benchmark::State& state) {
  RequestLog log(std::make_unique<NullSink>(), {.capacity = 1u << 24});
  std::uint64_t i = 0;
  for (auto _ : state) {
    if (!log.TryReserve()) state.SkipWithError("full");
    log.Append(TypicalRow(++i));
  }
}
BENCHMARK(Enqueue);

// One transaction of so many rows, on a real file; and, `with_upkeep`, the upkeep that so many rows make.
void Commit(benchmark::State& state, bool with_upkeep) {
  std::string folder = std::filesystem::temp_directory_path() / "request_log_benchmark_XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) return state.SkipWithError("mkdtemp");
  {
    auto sink = OpenSqlite(folder + "/arbstr.db", SqliteDurability::kGroup);
    if (!sink.ok()) return state.SkipWithError("open");
    std::vector<Record> rows(static_cast<std::size_t>(state.range(0)));
    std::uint64_t i = 0;
    for (auto _ : state) {
      for (Record& row : rows) row = TypicalRow(++i);
      if (!(*sink)->Write(rows).ok()) state.SkipWithError("write");
      if (with_upkeep && !(*sink)->Maintain(std::chrono::system_clock::now()).ok()) {
        state.SkipWithError("upkeep");
      }
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(i));
  }
  std::filesystem::remove_all(folder);
}
BENCHMARK_CAPTURE(Commit, rows_alone, false)->Arg(1)->Arg(256);
BENCHMARK_CAPTURE(Commit, with_upkeep, true)->Arg(1)->Arg(256);
// The same work in every run, for callgrind.
BENCHMARK_CAPTURE(Commit, counted, true)->Arg(4)->Arg(160)->Iterations(200);

// One step of putting rows into segments: how long a commit can have to wait for it.
void RollUp(benchmark::State& state) {
  std::string folder = std::filesystem::temp_directory_path() / "request_log_benchmark_XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) return state.SkipWithError("mkdtemp");
  {
    const SqliteUpkeepOptions upkeep{.rows_rolled_up = state.range(0)};
    auto sink = OpenSqlite(folder + "/arbstr.db", SqliteDurability::kGroup, upkeep);
    if (!sink.ok()) return state.SkipWithError("open");
    std::vector<Record> rows(static_cast<std::size_t>(state.range(0)));
    std::uint64_t i = 0;
    for (auto _ : state) {
      state.PauseTiming();
      for (Record& row : rows) row = TypicalRow(++i);
      if (!(*sink)->Write(rows).ok()) state.SkipWithError("write");
      state.ResumeTiming();
      if (!(*sink)->Maintain(std::chrono::system_clock::now()).ok()) state.SkipWithError("upkeep");
    }
  }
  std::filesystem::remove_all(folder);
}
BENCHMARK(RollUp)->Arg(4096)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace arbstr::request_log
