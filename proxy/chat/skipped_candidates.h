// The candidates of one request that were passed by without an attempt, in order, and why.
#ifndef ARBSTR_PROXY_CHAT_SKIPPED_CANDIDATES_H_
#define ARBSTR_PROXY_CHAT_SKIPPED_CANDIDATES_H_

#include <string>
#include <utility>
#include <vector>

#include "proxy/upstream/admission.h"

namespace arbstr::proxy {

class SkippedCandidates {
 public:
  using Reason = Admission::Refusal::Reason;

  // `provider` outlives this.
  void Add(const std::string& provider, Reason reason) { skipped_.emplace_back(&provider, reason); }

  bool empty() const { return skipped_.empty(); }
  // "alpha:breaker_open,beta:at_capacity".
  std::string Text() const;
  // [{"provider","reason"}, …]
  std::string Json() const;
  // "the breaker of alpha is open, beta is at its max_concurrency".
  std::string Sentence() const;

 private:
  std::vector<std::pair<const std::string*, Reason>> skipped_;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_SKIPPED_CANDIDATES_H_
