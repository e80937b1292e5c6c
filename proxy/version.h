#ifndef ARBSTR_PROXY_VERSION_H_
#define ARBSTR_PROXY_VERSION_H_

#include <string_view>

namespace arbstr::proxy {

inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_VERSION_H_
