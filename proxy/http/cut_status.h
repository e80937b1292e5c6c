// The statuses in the row of a request that ended on our side while a provider was asked.
#ifndef ARBSTR_PROXY_HTTP_CUT_STATUS_H_
#define ARBSTR_PROXY_HTTP_CUT_STATUS_H_

namespace arbstr::proxy {

inline constexpr int kClientGoneStatus = 499;  // nobody is there to read it
inline constexpr int kShutdownStatus = 503;
inline constexpr int kNoAnswerStatus = 500;  // it ended in an unforeseen way

// A provider may answer with such a status as well: of one of these the row alone does not say whose it is.
constexpr bool IsCutStatus(int status) {
  return status == kClientGoneStatus || status == kShutdownStatus || status == kNoAnswerStatus;
}

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_HTTP_CUT_STATUS_H_
