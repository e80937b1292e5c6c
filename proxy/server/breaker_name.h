// What /health and /metrics call a breaker's state.
#ifndef ARBSTR_PROXY_SERVER_BREAKER_NAME_H_
#define ARBSTR_PROXY_SERVER_BREAKER_NAME_H_

#include "proxy/upstream/admission.h"

namespace arbstr::proxy {

const char* BreakerName(Admission::State state);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_SERVER_BREAKER_NAME_H_
