#ifndef ARBSTR_PROXY_EXIT_CODE_H_
#define ARBSTR_PROXY_EXIT_CODE_H_

namespace arbstr::proxy {

// The program's exit status for a wrong command line or configuration, and for any other failure.
inline constexpr int kWrongUsage = 2;
inline constexpr int kFailed = 1;

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_EXIT_CODE_H_
