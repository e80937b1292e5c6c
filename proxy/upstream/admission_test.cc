#include "proxy/upstream/admission.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace arbstr::proxy {
namespace {

using std::chrono::milliseconds;
using TimePoint = Admission::TimePoint;
using State = Admission::State;

constexpr TimePoint kNow{milliseconds(1'000'000)};

Admission::Limits Limits(int failures, std::size_t max_concurrency = 0) {
  return {.breaker = {.failures = failures, .open_for = milliseconds(1000)},
          .budget = {.percent = 20, .min_per_s = 1},
          .max_concurrency = max_concurrency};
}

std::string Why() { return "503 \"down\""; }

void Fail(Admission& admission, const std::string& model, TimePoint now = kNow) {
  auto permit = admission.Admit(model, now);
  ASSERT_TRUE(permit);
  permit->Exhausted(now, Why);
}

// The worst of its models'.
State WorstOf(const Admission& admission, TimePoint now) {
  State worst = State::kClosed;
  for (const auto& one : admission.models(now)) {
    if (one.state == State::kOpen) return State::kOpen;
    if (one.state == State::kHalfOpen) worst = State::kHalfOpen;
  }
  return worst;
}

Admission::Refusal RefusalOf(Admission& admission, const std::string& model, TimePoint now = kNow) {
  Admission::Refusal refusal;
  EXPECT_FALSE(admission.Admit(model, now, &refusal));
  return refusal;
}

constexpr TimePoint kLater = kNow + milliseconds(1000);  // when a breaker that has opened lets a probe in

// A breaker opens, and its time passes: the one request that is let in then.
std::optional<Admission::Permit> Probe(Admission& admission) {
  Fail(admission, "m");
  auto probe = admission.Admit("m", kLater);
  EXPECT_FALSE(admission.Admit("m", kLater));
  return probe;
}

TEST(AdmissionTest, AModelThatFailsDoesNotCloseTheProviderToOthers) {
  Admission admission("alpha", Limits(2));
  for (int i = 0; i < 2; ++i) Fail(admission, "bad");
  EXPECT_FALSE(admission.Admit("bad", kNow));
  EXPECT_TRUE(admission.Admit("good", kNow));
  EXPECT_EQ(WorstOf(admission, kNow), State::kOpen) << "the worst of its models'";
  EXPECT_EQ(RefusalOf(admission, "bad").next_chance, kNow + milliseconds(1000));
  EXPECT_EQ(WorstOf(admission, kNow + milliseconds(1000)), State::kHalfOpen);
}

TEST(AdmissionTest, AnAnswerClosesIt) {
  Admission admission("alpha", Limits(1));
  {
    auto probe = Probe(admission);
    ASSERT_TRUE(probe);
    probe->Answered(kLater);
  }
  EXPECT_EQ(WorstOf(admission, kLater), State::kClosed);
  EXPECT_TRUE(admission.Admit("m", kLater));
}

TEST(AdmissionTest, AProbeWhoseStreamHasBegunLetsOthersIn) {
  Admission admission("alpha", Limits(1));
  auto probe = Probe(admission);
  ASSERT_TRUE(probe);
  probe->Begun(kLater);
  EXPECT_TRUE(admission.Admit("m", kLater));
  probe->Exhausted(kLater, Why);
  EXPECT_FALSE(admission.Admit("m", kLater)) << "it broke all the same";
}

TEST(AdmissionTest, AProbeDroppedWithoutAWordLeavesItsPlace) {
  Admission admission("alpha", Limits(1));
  Fail(admission, "m");
  const TimePoint later = kNow + milliseconds(1000);
  { const auto probe = admission.Admit("m", later); }
  EXPECT_EQ(WorstOf(admission, later), State::kHalfOpen);
  EXPECT_TRUE(admission.Admit("m", later));
}

TEST(AdmissionTest, ARequestFromBeforeAModelsFirstFailureStillCounts) {
  Admission admission("alpha", Limits(2));
  auto early = admission.Admit("m", kNow);
  Fail(admission, "m");
  early->Exhausted(kNow, Why);
  EXPECT_EQ(WorstOf(admission, kNow), State::kOpen);
}

TEST(AdmissionTest, NoMorePlacesThanItHas) {
  Admission admission("alpha", Limits(5, 2));
  auto first = admission.Admit("m", kNow);
  auto second = admission.Admit("n", kNow);
  EXPECT_TRUE(first && second);
  EXPECT_FALSE(admission.Admit("m", kNow));
  EXPECT_GT(RefusalOf(admission, "m").next_chance, kNow);
  { const Admission::Permit moved = *std::move(first); }
  EXPECT_TRUE(admission.Admit("m", kNow));
}

TEST(AdmissionTest, ARefusalSaysWhy) {
  using Reason = Admission::Refusal::Reason;
  Admission admission("alpha", Limits(1, 1));
  Fail(admission, "bad");
  EXPECT_EQ(RefusalOf(admission, "bad").reason, Reason::kBreakerOpen);
  auto good = admission.Admit("good", kNow);
  EXPECT_EQ(RefusalOf(admission, "good").reason, Reason::kAtCapacity);
  EXPECT_EQ(RefusalOf(admission, "bad").reason, Reason::kBreakerOpen) << "what lasts longer";
  const TimePoint later = kNow + milliseconds(1000);
  EXPECT_EQ(RefusalOf(admission, "bad", later).reason, Reason::kAtCapacity);
  good.reset();
  EXPECT_TRUE(admission.Admit("bad", later)) << "who found no place was no probe";
}

TEST(AdmissionTest, AProbeThatIsUnderWayIsAnOpenBreakerToOthers) {
  Admission admission("alpha", Limits(1));
  const auto probe = Probe(admission);
  ASSERT_TRUE(probe);
  const auto refusal = RefusalOf(admission, "m", kLater);
  EXPECT_EQ(refusal.reason, Admission::Refusal::Reason::kBreakerOpen);
  EXPECT_GT(refusal.next_chance, kLater);
}

TEST(AdmissionTest, ClientsCannotFillItWithModels) {
  Admission admission("alpha", Limits(1));
  admission.SetListed({"gpt-4o"});
  for (int i = 0; i < 10'000; ++i) {
    auto permit = admission.Admit("model-" + std::to_string(i), kNow);
    if (permit) permit->Exhausted(kNow, Why);
  }
  EXPECT_LT(admission.models(kNow).size(), 300u);
  EXPECT_TRUE(admission.Admit("one more", kNow)) << "it has done nothing";
  Fail(admission, "gpt-4o");
  EXPECT_FALSE(admission.Admit("gpt-4o", kNow));
  EXPECT_FALSE(admission.Admit("model-9999", kNow));
}

TEST(AdmissionTest, RetriesAreChargedToTheProvidersRequests) {
  Admission admission("alpha", Limits(0));
  int allowed = 0;
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(admission.Admit("m", kNow));
    allowed += admission.TryRetry(kNow);
  }
  EXPECT_EQ(allowed, 20);
  admission.GiveBackRetry(kNow);
  EXPECT_TRUE(admission.TryRetry(kNow));
}

TEST(AdmissionTest, ManyThreadsNeverExceedItsPlacesAndGiveAllBack) {
  Admission admission("alpha", Limits(5, 3));
  std::atomic<int> inside{0}, most{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 5'000; ++i) {
        auto permit = admission.Admit("m", kNow);
        if (!permit) continue;
        const int now_inside = ++inside;
        int seen = most.load();
        while (seen < now_inside && !most.compare_exchange_weak(seen, now_inside)) {
        }
        permit->Answered(kNow);
        --inside;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_LE(most, 3);
  for (int i = 0; i < 2; ++i) {
    const auto a = admission.Admit("m", kNow), b = admission.Admit("m", kNow), c = admission.Admit("m", kNow);
    EXPECT_TRUE(a && b && c);
  }
}

}  // namespace
}  // namespace arbstr::proxy
