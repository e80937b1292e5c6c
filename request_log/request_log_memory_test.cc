// The log where there is no memory left: an allocation that is to fail does.
#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <memory>
#include <new>
#include <string>
#include <utility>

#include "request_log/fake_sink.h"
#include "request_log/request_log.h"
#include "request_log/testing_rows.h"

namespace {

// Of this thread: how many allocations succeed before all fail; negative: all succeed.
thread_local int allocations_left = -1;

}  // namespace

void* operator new(std::size_t bytes) {
  if (allocations_left == 0) throw std::bad_alloc();
  if (allocations_left > 0) --allocations_left;
  void* const memory = std::malloc(bytes);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace arbstr::request_log {
namespace {

using std::chrono::milliseconds;

// Refuses one batch and one upkeep with no memory left until the next call.
class ExhaustingSink : public Sink {
 public:
  explicit ExhaustingSink(std::shared_ptr<SinkJournal> journal) : journal_(std::move(journal)) {}
  absl::Status Write(std::span<const Record> records) override {
    Exhaust(written_);
    return journal_->Take(records);
  }
  absl::StatusOr<bool> Maintain(std::chrono::system_clock::time_point) override {
    Exhaust(maintained_);
    return journal_->Maintain();
  }

 private:
  static void Exhaust(bool& before) {
    allocations_left = std::exchange(before, true) ? -1 : 0;
    if (allocations_left == 0) throw std::bad_alloc();
  }

  const std::shared_ptr<SinkJournal> journal_;
  bool written_ = false, maintained_ = false;
};

TEST(RequestLogMemoryTest, TheWriterGoesOnWhereThereIsNoneToSayWhatIsWrong) {
  const auto journal = std::make_shared<SinkJournal>();
  RequestLog::Options options;
  options.retry_after_failure = options.upkeep_every = milliseconds(1);
  options.on_error = [](const std::string&) {};
  RequestLog log(std::make_unique<ExhaustingSink>(journal), options);
  journal->SetUpkeep(absl::OkStatus(), 1);
  ASSERT_TRUE(log.TryReserve());
  log.Append(RowNamed("a"));
  EXPECT_TRUE(journal->AwaitRows(1));
  EXPECT_TRUE(journal->AwaitUpkeep());
}

TEST(RequestLogMemoryTest, ARowThatFoundNoneLeavesEveryOtherOneItsOwnCallback) {
  for (int succeeding = 0; succeeding < 8; ++succeeding) {
    SCOPED_TRACE(succeeding);
    const auto journal = std::make_shared<SinkJournal>();
    RequestLog::Options options;
    options.own_writer = false;
    RequestLog log(std::make_unique<FakeSink>(journal), options);
    std::size_t appended = 0, committed = 0;
    for (const char* id : {"a", "b", "c"}) {
      ASSERT_TRUE(log.TryReserve());
      Record row = RowNamed(id);
      std::function<void()> on_committed = [&, id] {
        EXPECT_EQ(journal->Ids().at(committed), id);
        ++committed;
      };
      if (id[0] == 'b') allocations_left = succeeding;
      try {
        log.Append(std::move(row), std::move(on_committed));
        ++appended;
      } catch (const std::bad_alloc&) {
      }
      allocations_left = -1;
    }
    EXPECT_TRUE(log.WriteQueued());
    EXPECT_EQ(committed, appended);
    EXPECT_EQ(journal->Ids().size(), appended);
  }
}

}  // namespace
}  // namespace arbstr::request_log
