// What to do where a database's file is moved away or removed while it is open: SQLite goes on with the file
// that it has, which nobody finds any more.
#ifndef ARBSTR_REQUEST_LOG_MOVED_DATABASE_H_
#define ARBSTR_REQUEST_LOG_MOVED_DATABASE_H_

#include <sqlite3.h>
#include <sys/types.h>

#include <string>

namespace arbstr::request_log {

// Whether the file that `db` has open is no longer the one at its path. Asks the file system: blocks.
bool HasMoved(sqlite3* db);

// The files that SQLite keeps beside a database in WAL mode. They are known by their paths alone, and stay
// behind when only the database is moved: whoever opened another database at its path would take them for
// that one's.
class SideFiles {
 public:
  // Of a database that has been read from, so that they are there, and that stays open while this is used.
  explicit SideFiles(sqlite3* db);

  // Whether others still use them by their paths: a connection that opened another database there would
  // share memory with those to the one that has moved.
  bool AreThere() const { return memory_.IsThere(); }
  // Removes those that are still there.
  void Remove() const;

 private:
  struct File {
    explicit File(std::string p);
    bool IsThere() const;

    std::string path;
    dev_t device = 0;
    ino_t number = 0;  // 0: there was none
  };

  File log_, memory_;
};

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_MOVED_DATABASE_H_
