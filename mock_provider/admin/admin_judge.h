// The admin API's questions about the journal.
#ifndef ARBSTR_MOCK_PROVIDER_ADMIN_ADMIN_JUDGE_H_
#define ARBSTR_MOCK_PROVIDER_ADMIN_ADMIN_JUDGE_H_

#include <absl/status/statusor.h>

#include <string>
#include <vector>

#include "mock_provider/http/http_answer.h"
#include "mock_provider/journal/journal_view.h"

namespace mock_provider {

// {"count": N} of those that fit {"provider", "match"}, with "forgotten": M where the journal has forgotten
// some, of which nobody knows whether they fitted. InvalidArgument has a line for each mistake, such as a
// provider that is not among `providers`.
absl::StatusOr<std::string> CountRequests(const JournalView& entries,
                                          const std::vector<std::string>& providers, const std::string& json);

// 200, or 422 with the differences, both as JSON.
absl::StatusOr<HttpAnswer> VerifyRequests(const JournalView& entries,
                                          const std::vector<std::string>& providers, const std::string& json);

// The verdict as JSON. The query ("timeout_ms=5000&storm_attempts=3", or empty) moves thresholds.
absl::StatusOr<std::string> JudgeRequests(const JournalView& entries, double now_ms,
                                          const std::string& query);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_ADMIN_ADMIN_JUDGE_H_
