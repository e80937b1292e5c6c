#include "proxy/net/write_all.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace arbstr::proxy {
namespace {

// What is left of `pieces` when so many bytes of them have been written.
std::string Left(const std::vector<std::string>& pieces, size_t written) {
  std::vector<asio::const_buffer> buffers;
  for (const std::string& piece : pieces) buffers.emplace_back(piece.data(), piece.size());
  std::string left;
  const auto unwritten = Unwritten(buffers, written);
  EXPECT_TRUE(unwritten.empty() || unwritten.front().size() > 0) << "a write of nothing";
  for (const auto& buffer : unwritten) left.append(static_cast<const char*>(buffer.data()), buffer.size());
  return left;
}

TEST(WriteAllTest, WhateverWasWrittenTheRestIsWhatFollows) {
  const std::vector<std::string> pieces = {"", "ab", "", "", "cde", "f", ""};
  const std::string whole = "abcdef";
  for (size_t written = 0; written <= whole.size(); ++written) {
    EXPECT_EQ(Left(pieces, written), whole.substr(written)) << written;
  }
  EXPECT_EQ(Left({}, 0), "");
}

}  // namespace
}  // namespace arbstr::proxy
