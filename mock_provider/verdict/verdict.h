// The mock as a judge of its client: what the journal says about the client's manners. Pure: a journal and a
// time in, findings out.
#ifndef ARBSTR_MOCK_PROVIDER_VERDICT_VERDICT_H_
#define ARBSTR_MOCK_PROVIDER_VERDICT_VERDICT_H_

#include <string>
#include <vector>

#include "mock_provider/journal/journal_view.h"
#include "mock_provider/verdict/finding.h"
#include "mock_provider/verdict/thresholds.h"

namespace mock_provider::verdict {

// Kind by kind, each in order of the journal. `now_ms` is the scenario's clock: what is still open has been
// until then.
std::vector<Finding> Judge(const JournalView& entries, double now_ms, const Thresholds& limits);

// Every kind that a finding can be of.
std::vector<std::string> Kinds();

// {"ok": …, "requests": N, "findings": [{"kind", "requests", "detail"}]}
std::string VerdictJson(const std::vector<Finding>& findings, std::size_t requests);

}  // namespace mock_provider::verdict

#endif  // ARBSTR_MOCK_PROVIDER_VERDICT_VERDICT_H_
