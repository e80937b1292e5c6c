#ifndef ARBSTR_REQUEST_LOG_NAMED_FILE_H_
#define ARBSTR_REQUEST_LOG_NAMED_FILE_H_

#include <sys/types.h>

#include <string>

namespace arbstr::request_log {

// The file that was at a path when this was made, should another one be there by now.
struct NamedFile {
  explicit NamedFile(std::string p);
  // Whether it still is at the path. False where there was none.
  bool IsThere() const;

  std::string path;
  dev_t device = 0;
  ino_t number = 0;  // 0: there was none
};

}  // namespace arbstr::request_log

#endif  // ARBSTR_REQUEST_LOG_NAMED_FILE_H_
