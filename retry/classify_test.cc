#include "retry/classify.h"

#include <gtest/gtest.h>

namespace arbstr::retry {
namespace {

TEST(ClassifyStatus, TwoHundredsAreTheAnswer) {
  const RetryPolicy policy;
  EXPECT_EQ(ClassifyStatus(policy, 200), Outcome::kAnswered);
  EXPECT_EQ(ClassifyStatus(policy, 201), Outcome::kAnswered);
  EXPECT_EQ(ClassifyStatus(policy, 299), Outcome::kAnswered);
}

TEST(ClassifyStatus, TheDefaultRetryableStatusesAreExactlyThese) {
  const RetryPolicy policy;
  const StatusSet retryable = MakeStatusSet({500, 502, 503, 504, 520, 521, 522, 523, 524, 529});
  for (int status = 300; status < 600; ++status) {
    EXPECT_EQ(ClassifyStatus(policy, status), retryable[status] ? Outcome::kRetryable : Outcome::kFinal)
        << status;
  }
}

TEST(ClassifyStatus, RedirectsClientErrorsAnd429And501AreFinal) {
  const RetryPolicy policy;
  for (const int status : {301, 302, 307, 400, 401, 404, 408, 429, 501, 505}) {
    EXPECT_EQ(ClassifyStatus(policy, status), Outcome::kFinal) << status;
  }
}

TEST(ClassifyStatus, AFallbackStatusGoesToTheNextProvider) {
  RetryPolicy policy;
  policy.fallback_statuses = MakeStatusSet({401, 429});
  EXPECT_EQ(ClassifyStatus(policy, 401), Outcome::kNextProvider);
  EXPECT_EQ(ClassifyStatus(policy, 429), Outcome::kNextProvider);
  EXPECT_EQ(ClassifyStatus(policy, 402), Outcome::kFinal);
}

TEST(ClassifyStatus, AStatusInBothSetsGoesToTheNextProvider) {
  RetryPolicy policy;
  policy.fallback_statuses = MakeStatusSet({503});
  EXPECT_EQ(ClassifyStatus(policy, 503), Outcome::kNextProvider);
  EXPECT_EQ(ClassifyStatus(policy, 502), Outcome::kRetryable);
}

TEST(ClassifyStatus, StatusesNoSetCanHoldAreFinal) {
  RetryPolicy policy;
  policy.statuses.set();
  for (const int status : {-1, 600, 999, 1 << 30}) EXPECT_EQ(ClassifyStatus(policy, status), Outcome::kFinal);
  EXPECT_EQ(MakeStatusSet({-1, 600, 1 << 30}).count(), 0u);
}

TEST(ClassifyFault, EachFaultHasItsRowOfTheTable) {
  struct Row {
    Fault fault;
    Outcome outcome;
    int counted_status;
  };
  const Row rows[] = {
      {Fault::kConnectTimeout, Outcome::kNextProvider, 502},
      {Fault::kConnectFailed, Outcome::kRetryable, 502},
      {Fault::kTls, Outcome::kRetryable, 502},
      {Fault::kReset, Outcome::kRetryable, 502},
      {Fault::kClosed, Outcome::kRetryable, 502},
      {Fault::kTruncated, Outcome::kRetryable, 502},
      {Fault::kUnreadable, Outcome::kRetryable, 502},
      {Fault::kTooLarge, Outcome::kRetryable, 502},
      {Fault::kOwnLimit, Outcome::kRetryable, 502},
      {Fault::kAttemptTimeout, Outcome::kNextProvider, 504},
      {Fault::kErrorBody, Outcome::kRetryable, 502},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(static_cast<int>(row.fault));
    EXPECT_EQ(ClassifyFault(row.fault), row.outcome);
    EXPECT_EQ(CountedStatus(row.fault), row.counted_status);
  }
}

TEST(MayBeTheRequestsFault, HoldsForWhatAnotherRequestWouldNotGet) {
  for (const int status : {400, 403, 413, 415, 422, 451})
    EXPECT_TRUE(MayBeTheRequestsFault(status)) << status;
  for (const int status : {401, 402, 404, 408, 409, 429, 500, 501, 502, 503, 504, 529})
    EXPECT_FALSE(MayBeTheRequestsFault(status)) << status;
}

}  // namespace
}  // namespace arbstr::retry
