#include "proxy/http/body_buffer.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace arbstr::proxy {
namespace {

TEST(BodyBufferTest, WhatIsAppendedIsThereInOrder) {
  BodyBuffer buffer(1000);
  EXPECT_EQ(buffer.view(), "");
  std::string expected;
  for (int i = 0; i < 100; ++i) {
    const std::string piece(static_cast<size_t>(i % 7), static_cast<char>('a' + i % 26));
    ASSERT_TRUE(buffer.Append(piece));
    expected += piece;
  }
  EXPECT_EQ(buffer.view(), expected);
}

TEST(BodyBufferTest, TheLimitIsReachedButNotPassed) {
  BodyBuffer buffer(5);
  EXPECT_TRUE(buffer.Append("abc"));
  EXPECT_FALSE(buffer.Append("def"));
  EXPECT_EQ(buffer.view(), "abc");
  EXPECT_TRUE(buffer.Append("de"));
  EXPECT_FALSE(buffer.Append("f"));
  EXPECT_TRUE(buffer.Append(""));
  EXPECT_EQ(buffer.view(), "abcde");
  EXPECT_EQ(buffer.limit(), 5u);
  EXPECT_FALSE(BodyBuffer(0).Append("a"));
}

TEST(BodyBufferTest, WhatIsPreparedAndCommittedFollowsWhatIsThere) {
  BodyBuffer buffer(100);
  buffer.Append("ab");
  const auto room = buffer.Prepare(10);
  ASSERT_EQ(room.size(), 10u);
  std::memcpy(room.data(), "cdef", 4);
  buffer.Commit(3);
  EXPECT_EQ(buffer.view(), "abcde");
}

TEST(BodyBufferTest, AReservationKeepsContentAndMovesNothingLater) {
  BodyBuffer buffer(100);
  buffer.Append("ab");
  buffer.Reserve(100);
  const char* const place = buffer.view().data();
  EXPECT_EQ(buffer.view(), "ab");
  for (int i = 0; i < 98; ++i) buffer.Append("x");
  EXPECT_EQ(buffer.view().data(), place);
  EXPECT_EQ(buffer.size(), 100u);
}

TEST(BodyBufferTest, PaddingBehindTheEndMayBeRead) {
  for (const size_t size : {1u, 31u, 64u, 100u}) {
    BodyBuffer buffer(100);
    buffer.Reserve(size);
    ASSERT_TRUE(buffer.Append(std::string(size, 'x')));
    std::string copy(size + BodyBuffer::kPadding, '\0');
    std::memcpy(copy.data(), buffer.view().data(), copy.size());  // asan sees one byte too many
    EXPECT_EQ(copy.substr(0, size), std::string(size, 'x'));
  }
}

TEST(BodyBufferTest, WhatIsConsumedMakesRoom) {
  BodyBuffer buffer(5);
  buffer.Append("abcde");
  buffer.Consume(2);
  EXPECT_EQ(buffer.view(), "cde");
  EXPECT_TRUE(buffer.Append("fg"));
  EXPECT_EQ(buffer.view(), "cdefg");
  buffer.Consume(5);
  EXPECT_EQ(buffer.view(), "");
  buffer.Consume(0);
  EXPECT_TRUE(buffer.Append("x"));
  buffer.Clear();
  EXPECT_EQ(buffer.size(), 0u);
}

TEST(BodyBufferTest, AReleasedBufferBeginsAfresh) {
  BodyBuffer buffer(100);
  buffer.Append("abc");
  buffer.Release();
  EXPECT_EQ(buffer.view(), "");
  EXPECT_TRUE(buffer.Append("de"));
  EXPECT_EQ(buffer.view(), "de");
}

TEST(BodyBufferTest, MovingLeavesNothingBehindThatCouldBeRead) {
  BodyBuffer buffer(100);
  buffer.Append("abc");
  const BodyBuffer taken = std::move(buffer);
  EXPECT_EQ(taken.view(), "abc");
}

TEST(BodyBufferTest, WhatIsMovedFromIsEmpty) {
  BodyBuffer from(10), to(5);
  from.Append("hello");
  BodyBuffer made(std::move(from));
  EXPECT_EQ(made.view(), "hello");
  EXPECT_EQ(made.limit(), 10u);
  EXPECT_EQ(from.view(), "");
  to = std::move(made);
  EXPECT_EQ(to.view(), "hello");
  EXPECT_EQ(to.limit(), 10u);
  EXPECT_EQ(made.view(), "");
  EXPECT_TRUE(made.Append("again"));
  EXPECT_EQ(made.view(), "again");
}

}  // namespace
}  // namespace arbstr::proxy
