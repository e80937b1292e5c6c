// What becomes of an exception that ends a coroutine of the server: a line in the log.
#ifndef ARBSTR_PROXY_SERVER_LOGGED_FAILURE_H_
#define ARBSTR_PROXY_SERVER_LOGGED_FAILURE_H_

#include <string>

#include "proxy/net/task.h"

namespace arbstr::proxy {

// For Spawn: "`what` ended with an exception: …", where it did.
Spawned::OnEnd LoggedFailure(std::string what);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_SERVER_LOGGED_FAILURE_H_
