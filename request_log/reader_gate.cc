#include "request_log/reader_gate.h"

namespace arbstr::request_log {

void ReaderGate::Leave() {
  if (close_) close_();
  open_.reset();
}

}  // namespace arbstr::request_log
