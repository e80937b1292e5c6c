#include "request_log/sqlite_sink.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <new>
#include <optional>
#include <utility>

#include "request_log/batch_table.h"
#include "request_log/growing_segments.h"
#include "request_log/moved_database.h"
#include "request_log/record_columns.h"
#include "request_log/schema.h"
#include "request_log/sqlite_connection.h"
#include "request_log/upkeep.h"
#include "request_log/write_transaction.h"

namespace arbstr::request_log {
namespace {

// At start another arbstr may be migrating or closing the same file.
constexpr int kOpenBusyTimeoutMs = 5'000;
// Rows must be committed within 50 ms; a lock held for longer is reported, and the caller tries again.
constexpr int kWriteBusyTimeoutMs = 20;

// How often old rows are looked for.
constexpr std::chrono::hours kPruneEvery{1};

// Inserts a whole batch. OR FAIL saves SQLite a journal of the statement: where one row fails, the
// transaction undoes all of them. NULL for `id` takes the next id, as leaving it out would, but then SQLite
// need not rearrange the columns. They are named because a newer arbstr may add some while this one runs.
std::string InsertBatch() {
  return fmt::format(
      "INSERT OR FAIL INTO requests (id, {}) SELECT NULL, * FROM arbstr_batch WHERE true "
      "ON CONFLICT(correlation_id) DO NOTHING",
      kRecordColumns);
}

class SqliteSink {
 public:
  SqliteSink(std::unique_ptr<BatchTable> batch, WriteTransaction transaction, SqliteStatement insert,
             SqliteUpkeepOptions limits, Upkeep upkeep)
      : batch_(std::move(batch)),
        transaction_(std::move(transaction)),
        insert_(std::move(insert)),
        limits_(limits),
        written_(limits.rows_rolled_up),
        upkeep_(std::move(upkeep)) {}

  static absl::StatusOr<std::unique_ptr<SqliteSink>> Open(SqliteConnection db, SqliteUpkeepOptions limits) {
    absl::StatusOr<Upkeep> upkeep = Upkeep::Open(db.get());
    if (!upkeep.ok()) return upkeep.status();
    absl::StatusOr<WriteTransaction> transaction = WriteTransaction::Open(db.get());
    if (!transaction.ok()) return transaction.status();
    auto batch = std::make_unique<BatchTable>();
    if (absl::Status status = batch->AddTo(db.get()); !status.ok()) return status;
    absl::StatusOr<SqliteStatement> insert = Prepare(db.get(), InsertBatch());
    if (!insert.ok()) return insert.status();
    auto sink = std::make_unique<SqliteSink>(std::move(batch), *std::move(transaction), *std::move(insert),
                                             limits, *std::move(upkeep));
    // Pruning may have deleted the last row, and all before it; ids go on from there.
    const absl::StatusOr<std::string> waiting = QueryText(
        db.get(), "SELECT max(coalesce(max(id), 0) - (SELECT up_to_id FROM rolled_up), 0) FROM requests");
    if (!waiting.ok()) return waiting.status();
    sink->to_roll_up_ = std::atoll(waiting->c_str());
    sink->files_.emplace(db.get());
    sink->db_ = std::move(db);
    return sink;
  }

  bool HasMoved() const { return request_log::HasMoved(db_.get()); }

  // Of a database that has moved: it takes what was written to it along, and leaves nothing behind. Where the
  // status says why that cannot be yet, nothing is changed.
  absl::Status LetGo() {
    absl::Status status = files_->DatabaseIsRemoved() ? absl::OkStatus() : CompleteFile(db_.get());
    if (status.ok()) files_->RemoveSideFiles();
    return status;
  }

  // Of one that cannot take all of it along: the log that has the rest is kept.
  void LeaveLog() { files_->SetLogAside(); }

  // As of Sink.
  absl::Status Write(std::span<const Record> records) {
    std::optional<std::int64_t> first_id;
    const absl::Status status = transaction_.Run([&] { return Insert(records, first_id); });
    if (!status.ok()) return status;
    to_roll_up_ += static_cast<std::int64_t>(records.size());
    if (first_id) {
      Remember(records, *first_id);
    } else {
      written_.Clear();
    }
    return status;
  }

  absl::StatusOr<bool> Maintain(std::chrono::system_clock::time_point now) {
    if (limits_.retention_days > 0 && (now >= looked_for_old_at_ + kPruneEvery || now < looked_for_old_at_)) {
      looked_for_old_at_ = now;
      prune_before_ =
          std::chrono::floor<std::chrono::milliseconds>(now) - std::chrono::days(limits_.retention_days);
      may_be_old_ = to_roll_up_;
    }
    if (to_roll_up_ >= limits_.rows_rolled_up) return RollUp();
    if (prune_before_) return Prune();
    return false;
  }

 private:
  // The rows are written, whatever becomes of this: what is not remembered is read back.
  void Remember(std::span<const Record> records, std::int64_t first_id) {
    try {
      written_.Add(records, first_id);
    } catch (const std::bad_alloc&) {
      written_.Clear();
    }
  }

  // Sets the id of the first row where their ids are known: all were new, and nothing else was changed.
  absl::Status Insert(std::span<const Record> records, std::optional<std::int64_t>& first_id) {
    const auto count = static_cast<std::int64_t>(records.size());
    if (written_.empty()) {
      const absl::StatusOr<std::int64_t> version = upkeep_.DataVersion();
      if (!version.ok()) return version.status();
      written_version_ = *version;
    }
    const std::int64_t changes = sqlite3_total_changes64(db_.get());
    batch_->records = records;
    if (absl::Status status = RunStatement(insert_.get(), "insert"); !status.ok()) return status;
    if (sqlite3_changes64(db_.get()) == count && sqlite3_total_changes64(db_.get()) - changes == count) {
      first_id = sqlite3_last_insert_rowid(db_.get()) - count + 1;
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::size_t> RollUpWritten() {
    try {
      return upkeep_.RollUp(limits_.rows_rolled_up, written_, written_version_);
    } catch (const std::bad_alloc&) {
      written_.Clear();
      throw;
    }
  }

  absl::StatusOr<bool> RollUp() {
    const absl::StatusOr<std::size_t> rows = RollUpWritten();
    if (!rows.ok()) return rows.status();
    for (std::int64_t* waiting : {&to_roll_up_, &may_be_old_}) {
      *waiting = *rows == 0 ? 0 : std::max<std::int64_t>(*waiting - static_cast<std::int64_t>(*rows), 0);
    }
    return prune_before_ || to_roll_up_ >= limits_.rows_rolled_up;
  }

  absl::StatusOr<bool> Prune() {
    const absl::StatusOr<std::size_t> rows = upkeep_.Prune(*prune_before_, limits_.rows_pruned);
    if (!rows.ok()) return rows.status();
    if (*rows > 0) return true;
    // Only rows in segments are pruned, so the few that may be old go in before there are more of them. Those
    // that were written since are not old, and wait.
    if (may_be_old_ > 0) return RollUp();
    prune_before_.reset();
    return false;
  }

  const std::unique_ptr<BatchTable> batch_;
  SqliteConnection db_;
  std::optional<DatabaseFiles> files_;
  WriteTransaction transaction_;
  SqliteStatement insert_;
  const SqliteUpkeepOptions limits_;
  GrowingSegments written_;           // of rows in no segment yet
  std::int64_t written_version_ = 0;  // of the database, when the first of them was written
  Upkeep upkeep_;
  std::int64_t to_roll_up_ = 0;  // rows in no segment yet, or more, not counting another process's
  // Later than now where the clock has been set back: what was deleted then says nothing about the rows
  // since.
  std::chrono::system_clock::time_point looked_for_old_at_{};
  std::optional<LogTime> prune_before_;  // while there may be rows from before it
  std::int64_t may_be_old_ = 0;          // of to_roll_up_: written before old rows were looked for
};

absl::StatusOr<std::unique_ptr<SqliteSink>> OpenAt(const std::string& path, SqliteDurability durability,
                                                   SqliteUpkeepOptions upkeep) {
  if (HasLogOnly(path)) {
    return absl::FailedPreconditionError(
        fmt::format("it is not there, but its write-ahead log is, which may have rows that are in no other "
                    "file: let \"{0}-wal\" and \"{0}-shm\" follow the database to where it is now, under its "
                    "name, or remove them",
                    path));
  }
  absl::StatusOr<SqliteConnection> opened = OpenConnection(path);
  if (!opened.ok()) return opened.status();
  sqlite3* const db = opened->get();
  sqlite3_busy_timeout(db, kOpenBusyTimeoutMs);
  // Migrated first: a file that is not ours is refused before anything in it is changed.
  if (absl::Status status = Migrate(db); !status.ok()) return status;
  const absl::StatusOr<std::string> mode = QueryText(db, "PRAGMA journal_mode = WAL");
  if (!mode.ok()) return mode.status();
  if (*mode != "wal") {
    return absl::FailedPreconditionError(
        fmt::format("WAL mode is not possible there (journal_mode stays {})", *mode));
  }
  const char* const synchronous = durability == SqliteDurability::kBeforeResponse ? "FULL" : "NORMAL";
  if (absl::Status status = Execute(db, fmt::format("PRAGMA synchronous = {}", synchronous)); !status.ok()) {
    return status;
  }
  sqlite3_busy_timeout(db, kWriteBusyTimeoutMs);
  return SqliteSink::Open(*std::move(opened), upkeep);
}

// Writes to whatever database is at the path: where the one that it has open has moved, to the next.
class FollowingSink : public Sink {
 public:
  FollowingSink(std::string path, SqliteDurability durability, SqliteUpkeepOptions upkeep,
                std::shared_ptr<ReaderGate> gate)
      : path_(std::move(path)),
        durability_(durability),
        upkeep_(upkeep),
        gate_(gate ? std::move(gate) : std::make_shared<ReaderGate>()) {}
  ~FollowingSink() override {
    if (sink_ != nullptr && sink_->HasMoved() && !sink_->LetGo().ok()) sink_->LeaveLog();
  }
  FollowingSink(const FollowingSink&) = delete;
  FollowingSink& operator=(const FollowingSink&) = delete;

  absl::Status Open() {
    absl::StatusOr<std::unique_ptr<SqliteSink>> opened = OpenAt(path_, durability_, upkeep_);
    if (opened.ok()) {
      sink_ = *std::move(opened);
      const auto lock = gate_->Lock();
      gate_->HasOpened(path_);
    }
    return Explained(opened.status(), fmt::format("cannot open the request log \"{}\"", path_));
  }

  absl::Status Write(std::span<const Record> records) override {
    if (absl::Status status = Follow(); !status.ok()) return status;
    return sink_->Write(records);
  }

  absl::StatusOr<bool> Maintain(std::chrono::system_clock::time_point now) override {
    if (absl::Status status = Follow(); !status.ok()) return status;
    return sink_->Maintain(now);
  }

 private:
  // Not OK once where the database has moved, so that it is said, and until the next one could be opened.
  absl::Status Follow() {
    if (sink_ == nullptr) return Open();
    if (!sink_->HasMoved()) return absl::OkStatus();
    const auto lock = gate_->Lock();
    if (absl::Status status = sink_->LetGo(); !status.ok()) return HeldUp(status);
    gate_->Leave();
    sink_.reset();
    return absl::UnavailableError(
        fmt::format("\"{}\" has been moved or removed: the next one is made there", path_));
  }

  absl::Status HeldUp(const absl::Status& why) const {
    return Explained(why,
                     fmt::format("\"{}\" has been moved or removed, and cannot yet take along all that was "
                                 "written to it",
                                 path_));
  }

  const std::string path_;
  const SqliteDurability durability_;
  const SqliteUpkeepOptions upkeep_;
  const std::shared_ptr<ReaderGate> gate_;
  std::unique_ptr<SqliteSink> sink_;  // null: the last has moved, and the next could not be opened yet
};

}  // namespace

absl::StatusOr<std::unique_ptr<Sink>> OpenSqlite(const std::string& path, SqliteDurability durability,
                                                 SqliteUpkeepOptions upkeep,
                                                 std::shared_ptr<ReaderGate> gate) {
  auto sink = std::make_unique<FollowingSink>(path, durability, upkeep, std::move(gate));
  if (absl::Status status = sink->Open(); !status.ok()) return status;
  return sink;
}

}  // namespace arbstr::request_log
