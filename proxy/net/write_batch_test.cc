#include "proxy/net/write_batch.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "proxy/net/spawned.h"

namespace arbstr::proxy {
namespace {

// As often as the policy lets a write go at once; the first that it holds is one more.
int UnheldInARow(HoldPolicy& policy) {
  int unheld = 0;
  while (!policy.Holds(false)) ++unheld;
  return unheld;
}

TEST(HoldPolicyTest, AWriteThatIsAloneIsHeldOnlyToTry) {
  HoldPolicy policy;
  for (int trial = 0; trial < 10; ++trial) {
    EXPECT_EQ(UnheldInARow(policy), 15);
    policy.OnReleased(1);
  }
}

TEST(HoldPolicyTest, WhatComesWhileAnotherIsHeldIsHeldToo) {
  HoldPolicy policy;
  EXPECT_TRUE(policy.Holds(true));
  EXPECT_FALSE(policy.Holds(false));
}

TEST(HoldPolicyTest, HoldsFromTheFirstReleaseOfManyUntilSeveralOfFew) {
  HoldPolicy policy;
  UnheldInARow(policy);
  policy.OnReleased(2);
  EXPECT_FALSE(policy.Holds(false)) << "two are not many";
  policy.OnReleased(3);
  EXPECT_EQ(UnheldInARow(policy), 0);
  for (int few = 0; few < 3; ++few) policy.OnReleased(1);
  EXPECT_TRUE(policy.Holds(false));
  policy.OnReleased(3);  // the count begins anew
  for (int few = 0; few < 3; ++few) policy.OnReleased(2);
  EXPECT_TRUE(policy.Holds(false));
  policy.OnReleased(2);
  EXPECT_FALSE(policy.Holds(false));
}

class WriteBatchTest : public testing::Test {
 protected:
  static Task<> Write(WriteBatch& batch, std::string& order, char name) {
    order += name;
    co_await batch.Turn();
    order += static_cast<char>(name - 'a' + 'A');
  }
  // So many writers that become ready together; the order in which they came to their turn and had it.
  std::string Together(size_t writers) {
    std::string order;
    WriteBatch& batch = WriteBatch::Of(loop_.get_executor());
    for (size_t writer = 0; writer < writers; ++writer) {
      asio::post(loop_, [this, &batch, &order, writer] {
        Spawn(loop_.get_executor(), Write(batch, order, static_cast<char>('a' + writer)));
      });
    }
    loop_.restart();
    loop_.run();
    return order;
  }

  asio::io_context loop_{1};
};

TEST_F(WriteBatchTest, ALoopHasOne) {
  EXPECT_EQ(&WriteBatch::Of(loop_.get_executor()), &WriteBatch::Of(loop_.get_executor()));
}

TEST_F(WriteBatchTest, WritesThatComeTogetherFollowEachOtherOnceThatIsKnown) {
  EXPECT_EQ(Together(4), "aAbBcCdD");
  EXPECT_EQ(Together(14).substr(22), "lmnLMN") << "the sixteenth is held, and what came with it";
  EXPECT_EQ(Together(4), "abcdABCD");
  EXPECT_EQ(Together(2), "abAB");
  for (int few = 0; few < 4; ++few) Together(1);
  EXPECT_EQ(Together(2), "aAbB");
}

TEST_F(WriteBatchTest, EveryWriterHasItsTurnOnceWhateverTheNumbers) {
  for (size_t round = 0; round < 200; ++round) {
    const size_t writers = 1 + round * 7 % 26;
    const std::string order = Together(writers);
    ASSERT_EQ(order.size(), 2 * writers);
    for (size_t writer = 0; writer < writers; ++writer) {
      const size_t came = order.find(static_cast<char>('a' + writer));
      ASSERT_LT(came, order.find(static_cast<char>('A' + writer))) << order;
    }
  }
}

TEST_F(WriteBatchTest, AWriterThatIsDestroyedWhileItWaitsIsForgotten) {
  std::string order;
  WriteBatch& batch = WriteBatch::Of(loop_.get_executor());
  for (int writer = 0; writer < 16; ++writer) {
    Spawn(loop_.get_executor(), Write(batch, order, 'a'));
    loop_.restart();
    loop_.poll_one();
  }
  const std::string before = order;
  EXPECT_TRUE(before.ends_with("Aa")) << before;
  Spawned::DestroyAll(loop_);
  loop_.poll();
  EXPECT_EQ(order, before);
}

}  // namespace
}  // namespace arbstr::proxy
