// What a test expects to have reached the mock, and how the journal differs from it.
//   {"provider": NAME, "match": {…}, "count": 3, "min_gap_ms": 900, "max_gap_ms": 5000,
//    "order": [{"model": "a*"}, {"model": "b*"}]}
#ifndef ARBSTR_MOCK_PROVIDER_ADMIN_EXPECTATION_H_
#define ARBSTR_MOCK_PROVIDER_ADMIN_EXPECTATION_H_

#include <absl/status/statusor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mock_provider/admin/journal_filter.h"
#include "mock_provider/journal/journal_view.h"

namespace mock_provider {

struct Expectation {
  JournalFilter about{};  // the requests that the rest speaks of
  std::optional<std::int64_t> count{};
  std::optional<double> min_gap_ms{}, max_gap_ms{};  // between the arrivals of each two in a row
  std::vector<JournalFilter> order{};  // one that fits each, in this order; others may lie between
};

// InvalidArgument has a line for each mistake, such as an expectation that expects nothing, or a provider
// that is not among `providers`.
absl::StatusOr<Expectation> ParseExpectation(const std::string& json,
                                             const std::vector<std::string>& providers);

struct Verification {
  std::vector<std::uint64_t> requests{};   // the seq of those it is about
  std::vector<std::string> differences{};  // none: all is as expected
};
// Of all the journal has. Where it has forgotten some, nothing is as expected: they may have been others.
Verification Verify(const Expectation& expectation, const JournalView& entries);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_ADMIN_EXPECTATION_H_
