// What the kernel knows of this process, as Prometheus' clients report it.
#ifndef ARBSTR_PROXY_METRICS_PROCESS_METRICS_H_
#define ARBSTR_PROXY_METRICS_PROCESS_METRICS_H_

#include <cstdint>

namespace arbstr::proxy {

struct ProcessMetrics {
  double cpu_seconds = 0;         // user and system
  double start_time_seconds = 0;  // since 1970
  std::uint64_t resident_bytes = 0;
  std::uint64_t virtual_bytes = 0;
  std::uint64_t open_fds = 0;
  std::uint64_t max_fds = 0;
};

// Lists a directory of as many entries as there are open files: not for an event loop. What cannot be read is
// 0.
ProcessMetrics ReadProcessMetrics();

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_METRICS_PROCESS_METRICS_H_
