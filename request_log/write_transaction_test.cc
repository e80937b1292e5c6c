#include "request_log/write_transaction.h"

#include <gtest/gtest.h>

#include <new>
#include <string>

#include "request_log/sqlite_connection.h"

namespace arbstr::request_log {
namespace {

class WriteTransactionTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = OpenConnection(":memory:");
    ASSERT_TRUE(opened.ok()) << opened.status();
    db_ = *std::move(opened);
    ASSERT_TRUE(Execute(db_.get(), "CREATE TABLE t (x INTEGER UNIQUE)").ok());
    auto transaction = WriteTransaction::Open(db_.get());
    ASSERT_TRUE(transaction.ok()) << transaction.status();
    transaction_ = *std::move(transaction);
  }

  absl::Status Insert(int value) {
    return Execute(db_.get(), "INSERT INTO t VALUES (" + std::to_string(value) + ")");
  }
  std::string Rows() { return QueryText(db_.get(), "SELECT group_concat(x) FROM t").value_or("?"); }

  SqliteConnection db_;
  WriteTransaction transaction_;
};

TEST_F(WriteTransactionTest, WhatWasWrittenStays) {
  EXPECT_TRUE(transaction_.Run([&] { return Insert(1); }).ok());
  EXPECT_TRUE(transaction_.Run([&] { return Insert(2); }).ok());
  EXPECT_EQ(Rows(), "1,2");
}

TEST_F(WriteTransactionTest, NothingStaysOfAWriteThatFails) {
  const absl::Status failed = transaction_.Run([&] {
    const absl::Status first = Insert(1);
    return first.ok() ? Insert(1) : first;
  });
  EXPECT_FALSE(failed.ok());
  EXPECT_EQ(Rows(), "");
  EXPECT_TRUE(transaction_.Run([&] { return Insert(3); }).ok()) << "the next one begins afresh";
  EXPECT_EQ(Rows(), "3");
}

TEST_F(WriteTransactionTest, NothingStaysOfAWriteThatThrows) {
  const auto throwing = [&]() -> absl::Status {
    EXPECT_TRUE(Insert(1).ok());
    throw std::bad_alloc();
  };
  EXPECT_THROW(transaction_.Run(throwing).IgnoreError(), std::bad_alloc);
  EXPECT_EQ(Rows(), "");
  EXPECT_TRUE(transaction_.Run([&] { return Insert(3); }).ok()) << "the next one begins afresh";
  EXPECT_EQ(Rows(), "3");
}

}  // namespace
}  // namespace arbstr::request_log
