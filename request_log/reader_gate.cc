#include "request_log/reader_gate.h"

#include <sys/stat.h>

namespace arbstr::request_log {

bool ReaderGate::MayOpen(const std::string& path) const {
  struct stat found {};
  return number_ != 0 && ::stat(path.c_str(), &found) == 0 && found.st_ino == number_ &&
         found.st_dev == device_;
}

void ReaderGate::Leave() {
  if (close_) close_();
  number_ = 0;
}

void ReaderGate::HasOpened(const std::string& path) {
  struct stat found {};
  const bool there = ::stat(path.c_str(), &found) == 0;
  device_ = found.st_dev;
  number_ = there ? found.st_ino : 0;
}

}  // namespace arbstr::request_log
