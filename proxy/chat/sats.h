#ifndef ARBSTR_PROXY_CHAT_SATS_H_
#define ARBSTR_PROXY_CHAT_SATS_H_

#include <string>

namespace arbstr::proxy {

// Two to six decimals, trailing zeros beyond two cut: 12.5 is "12.50", 0.012345 itself. A JSON number too.
std::string FormatSats(double sats);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_SATS_H_
