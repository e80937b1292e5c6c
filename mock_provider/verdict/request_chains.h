#ifndef ARBSTR_MOCK_PROVIDER_VERDICT_REQUEST_CHAINS_H_
#define ARBSTR_MOCK_PROVIDER_VERDICT_REQUEST_CHAINS_H_

#include <utility>
#include <vector>

#include "mock_provider/journal/journal_view.h"
#include "mock_provider/verdict/thresholds.h"

namespace mock_provider::verdict {

// The attempts at one request at one provider, oldest first; never empty.
using Chain = std::vector<const JournalEntry*>;

// The journal's POST requests as what the client meant by them. The same body at the same provider and path
// is the same request:
//   - after an attempt that failed or that the client left, it is the next attempt;
//   - while an attempt is open, it is one beside it, listed in `beside` as (latest open, new);
//   - where the open attempt arrived some time ago, the client has stopped waiting for it: then it is the
//     next attempt as well;
//   - after a whole answer it is a new request that happens to be the same.
// Another Idempotency-Key is that of another request, whatever the bodies. Only what comes after an attempt
// that failed in a way that may pass, or that the client left, is the next attempt under a changed key,
// unless one of the two keys is used again elsewhere.
struct RequestChains {
  std::vector<Chain> chains{};
  std::vector<std::pair<const JournalEntry*, const JournalEntry*>> beside{};
};
RequestChains LinkRequests(const JournalView& entries, const Thresholds& thresholds);

}  // namespace mock_provider::verdict

#endif  // ARBSTR_MOCK_PROVIDER_VERDICT_REQUEST_CHAINS_H_
