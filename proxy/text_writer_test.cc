#include "proxy/text_writer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace arbstr::proxy {
namespace {

TEST(TextWriterTest, PiecesAndNumbersStandBehindEachOther) {
  TextWriter text(64);
  text.Append("a");
  text.Append("");
  text.AppendNumber(-7);
  text.Append({});
  text.AppendNumber(std::size_t{42});
  EXPECT_EQ(text.view(), "a-742");
  EXPECT_EQ(std::move(text).Take(), "a-742");
}

TEST(TextWriterTest, ItGrowsFromAnyRoom) {
  for (std::size_t room = 0; room < 50; ++room) {
    TextWriter text(room);
    std::string expected;
    for (int i = 0; i < 50; ++i) {
      const std::string piece(static_cast<std::size_t>(i), 'x');
      text.Append(piece);
      text.AppendNumber(std::numeric_limits<std::int64_t>::min());
      text.AppendNumber(std::numeric_limits<std::uint64_t>::max());
      expected += piece + "-922337203685477580818446744073709551615";
    }
    EXPECT_EQ(std::move(text).Take(), expected);
  }
}

}  // namespace
}  // namespace arbstr::proxy
