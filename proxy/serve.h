// The command `serve`: from a configuration to a running gateway, until a signal ends it.
#ifndef ARBSTR_PROXY_SERVE_H_
#define ARBSTR_PROXY_SERVE_H_

#include "proxy/command_line.h"

namespace arbstr::proxy {

// Returns the exit code: 0 after a drain that wrote every row, 1 where something failed, 2 for a wrong
// configuration. Throws where the system has no descriptor, thread or memory for a beginning.
int Serve(const CommandLine& line);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_SERVE_H_
