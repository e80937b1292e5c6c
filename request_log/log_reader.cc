#include "request_log/log_reader.h"

#include <fmt/format.h>

#include <memory>
#include <mutex>
#include <utility>

#include "request_log/log_snapshot.h"
#include "request_log/rank_rows.h"
#include "request_log/record_columns.h"
#include "request_log/sqlite_connection.h"
#include "request_log/tally_stats.h"

namespace arbstr::request_log {
namespace {

// Readers wait for the writer only where the write-ahead log is being set up or recovered.
constexpr int kBusyTimeoutMs = 1'000;

class SqliteReader {
 public:
  SqliteReader(SqliteConnection db, LogSnapshot log) : db_(std::move(db)), log_(std::move(log)) {}

  absl::Status Prepare() {
    return PrepareAll(db_.get(), {{"BEGIN", &begin_}, {"ROLLBACK", &end_}, {SelectRecord(), &record_}});
  }

  absl::StatusOr<Page> ReadPage(const PageQuery& query, const std::function<bool()>& stopped) {
    return InTransaction<Page>(stopped, [&]() -> absl::StatusOr<Page> {
      const absl::StatusOr<RankedRows> ranked = RankRows(log_, query);
      if (!ranked.ok()) return ranked.status();
      Page page;
      page.total = ranked->total;
      for (const std::int64_t id : ranked->ids) {
        if (absl::Status status = AddRecord(id, page); !status.ok()) return status;
      }
      return page;
    });
  }

  absl::StatusOr<Stats> ReadStats(const StatsQuery& query, const std::function<bool()>& stopped) {
    return InTransaction<Stats>(stopped, [&] { return TallyStats(log_, query); });
  }

 private:
  // Lets go, at its end, of what may stop the question.
  struct Unstopped {
    LogSnapshot& log;
    ~Unstopped() { log.StopWhen({}); }
  };

  template <typename Answer, typename Read>
  absl::StatusOr<Answer> InTransaction(const std::function<bool()>& stopped, Read read) {
    const TransactionScope scope(end_.get());
    if (absl::Status status = RunStatement(begin_.get(), "begin reading"); !status.ok()) return status;
    const Unstopped unstopped{log_};
    log_.StopWhen(stopped);
    return read();
  }

  // A row that somebody has deleted by hand is left out.
  absl::Status AddRecord(std::int64_t id, Page& page) {
    const RunningStatement run(record_.get());
    sqlite3_bind_int64(run.get(), 1, id);
    const int code = sqlite3_step(run.get());
    if (code == SQLITE_ROW) page.rows.push_back(ReadRecord(run.get()));
    return code == SQLITE_ROW || code == SQLITE_DONE ? absl::OkStatus() : LastError(db_.get(), "read a row");
  }

  SqliteConnection db_;
  LogSnapshot log_;
  SqliteStatement begin_;
  SqliteStatement end_;
  SqliteStatement record_;
};

absl::StatusOr<std::unique_ptr<SqliteReader>> OpenAt(const std::string& path) {
  absl::StatusOr<SqliteConnection> db = OpenConnectionForReading(path);
  if (!db.ok()) return db.status();
  sqlite3_busy_timeout(db->get(), kBusyTimeoutMs);
  absl::StatusOr<LogSnapshot> log = LogSnapshot::Open(db->get());
  if (!log.ok()) return log.status();
  auto reader = std::make_unique<SqliteReader>(*std::move(db), *std::move(log));
  if (absl::Status status = reader->Prepare(); !status.ok()) return status;
  return reader;
}

// Reads what the writer writes to: where that is the next database, that one.
class FollowingReader : public LogReader {
 public:
  FollowingReader(std::string path, std::shared_ptr<ReaderGate> gate)
      : path_(std::move(path)), gate_(std::move(gate)) {}
  ~FollowingReader() override {
    if (!gate_) return;
    const auto lock = gate_->Lock();
    gate_->SetClose({});
    reader_.reset();
  }
  FollowingReader(const FollowingReader&) = delete;
  FollowingReader& operator=(const FollowingReader&) = delete;

  absl::Status Open() {
    std::unique_lock<std::mutex> lock;
    if (gate_) {
      lock = gate_->Lock();
      gate_->SetClose([this] { reader_.reset(); });
    }
    return OpenIfClosed();
  }

  absl::StatusOr<Page> ReadPage(const PageQuery& query, const std::function<bool()>& stopped) override {
    return Ask<Page>([&] { return reader_->ReadPage(query, stopped); });
  }

  absl::StatusOr<Stats> ReadStats(const StatsQuery& query, const std::function<bool()>& stopped) override {
    return Ask<Stats>([&] { return reader_->ReadStats(query, stopped); });
  }

 private:
  template <typename Answer, typename Question>
  absl::StatusOr<Answer> Ask(Question question) {
    std::unique_lock<std::mutex> lock;
    if (gate_) lock = gate_->Lock();
    if (absl::Status status = OpenIfClosed(); !status.ok()) return status;
    return question();
  }

  absl::Status OpenIfClosed() {
    if (reader_ != nullptr) return absl::OkStatus();
    absl::StatusOr<std::unique_ptr<SqliteReader>> opened =
        gate_ && !gate_->MayOpen()
            ? absl::UnavailableError(std::string("it has been moved, and the next one is not there yet"))
            : OpenAt(path_);
    if (opened.ok()) reader_ = *std::move(opened);
    return Explained(opened.status(), fmt::format("cannot read the request log \"{}\"", path_));
  }

  const std::string path_;
  const std::shared_ptr<ReaderGate> gate_;  // null: there is no writer that could leave
  std::unique_ptr<SqliteReader> reader_;    // null: the writer has left what it had open
};

}  // namespace

absl::StatusOr<std::unique_ptr<LogReader>> LogReader::Open(const std::string& path,
                                                           std::shared_ptr<ReaderGate> gate) {
  auto reader = std::make_unique<FollowingReader>(path, std::move(gate));
  if (absl::Status status = reader->Open(); !status.ok()) return status;
  return reader;
}

}  // namespace arbstr::request_log
