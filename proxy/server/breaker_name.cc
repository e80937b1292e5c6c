#include "proxy/server/breaker_name.h"

namespace arbstr::proxy {

const char* BreakerName(Admission::State state) {
  switch (state) {
    case Admission::State::kClosed:
      return "closed";
    case Admission::State::kOpen:
      return "open";
    case Admission::State::kHalfOpen:
      return "half_open";
  }
  return "closed";
}

}  // namespace arbstr::proxy
