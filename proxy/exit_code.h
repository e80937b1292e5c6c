#ifndef ARBSTR_PROXY_EXIT_CODE_H_
#define ARBSTR_PROXY_EXIT_CODE_H_

namespace arbstr::proxy {

// The program's exit status for a wrong command line or configuration; 1 is any other failure.
inline constexpr int kWrongUsage = 2;

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_EXIT_CODE_H_
