#include "request_log/named_file.h"

#include <sys/stat.h>

#include <utility>

namespace arbstr::request_log {

NamedFile::NamedFile(std::string p) : path(std::move(p)) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return;
  device = found.st_dev;
  number = found.st_ino;
}

bool NamedFile::IsThere() const {
  const NamedFile now(path);
  return number != 0 && now.number == number && now.device == device;
}

}  // namespace arbstr::request_log
