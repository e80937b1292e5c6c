#include "proxy/chat/sse_block.h"

#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <string>
#include <vector>

#include "tools/testing/random_seed.h"

namespace arbstr::proxy {
namespace {

struct Cut {
  std::vector<std::string> blocks;
  std::string rest;
};

// Splits a stream that arrives in pieces of the sizes that `piece(left)` says, as the relay does.
Cut Split(std::string_view stream, const std::function<size_t(size_t)>& piece) {
  SseSplitter splitter;
  Cut cut;
  while (!stream.empty()) {
    const size_t size = piece(stream.size());
    cut.rest.append(stream.substr(0, size));
    stream.remove_prefix(size);
    while (const auto length = splitter.BlockLength(cut.rest)) {
      cut.blocks.push_back(cut.rest.substr(0, *length));
      cut.rest.erase(0, *length);
    }
  }
  return cut;
}

Cut AtOnce(std::string_view stream) {
  return Split(stream, [](size_t left) { return left; });
}
Cut ByteByByte(std::string_view stream) {
  return Split(stream, [](size_t) { return 1; });
}

// "name|data" of each event.
std::vector<std::string> Events(const Cut& cut) {
  std::vector<std::string> events;
  for (const std::string& block : cut.blocks) {
    if (const SseEvent event = ParseSseBlock(block); event.has_data)
      events.push_back(event.name + "|" + event.data);
  }
  return events;
}

using Strings = std::vector<std::string>;

TEST(SseSplitterTest, AnEmptyLineEndsABlock) {
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    const std::string first = "data: a" + end + end, second = ": comment" + end + "data: b" + end + end;
    for (const Cut& cut :
         {AtOnce(first + second + "data: c" + end), ByteByByte(first + second + "data: c" + end)}) {
      EXPECT_EQ(cut.blocks, (Strings{first, second})) << testing::PrintToString(end);
      EXPECT_EQ(cut.rest, "data: c" + end);
    }
  }
}

TEST(SseSplitterTest, ABlockIsThereAsSoonAsItsEmptyLineIs) {
  for (const std::string end : {"\n", "\r\n"}) {
    const std::string block = "data: a" + end + end;
    SseSplitter splitter;
    for (size_t length = 0; length < block.size(); ++length) {
      EXPECT_FALSE(splitter.BlockLength(std::string_view(block).substr(0, length))) << length;
    }
    EXPECT_EQ(splitter.BlockLength(block), block.size());
  }
}

// A stream whose lines end with CR alone must not wait for the next event to deliver this one.
TEST(SseSplitterTest, ABlockThatTwoReturnsEndIsThereAtOnce) {
  SseSplitter splitter;
  EXPECT_EQ(splitter.BlockLength("data: a\r\r"), 9u);
}

TEST(SseSplitterTest, AReturnThatMayBeHalfALineEndIsWaitedFor) {
  SseSplitter splitter;
  EXPECT_FALSE(splitter.BlockLength("data: a\r\n\r"));
  EXPECT_EQ(splitter.BlockLength("data: a\r\n\r\ndata"), 11u);
}

TEST(SseSplitterTest, EmptyLinesAreBlocksOfTheirOwn) {
  EXPECT_EQ(AtOnce("\n\ndata: a\n\n\n").blocks, (Strings{"\n", "\n", "data: a\n\n", "\n"}));
}

TEST(SseSplitterTest, NoByteIsLookedAtTwiceInALongLine) {
  // A megabyte in small pieces: quadratic work would take minutes.
  const std::string block = "data: " + std::string(4 << 20, 'x') + "\n\n";
  const Cut cut = [&] {
    SseSplitter splitter;
    Cut result;
    for (size_t length = 16; length < block.size(); length += 16) {
      if (splitter.BlockLength(std::string_view(block).substr(0, length)))
        ADD_FAILURE() << "no end is there yet";
    }
    if (const auto length = splitter.BlockLength(block)) result.blocks.push_back(block.substr(0, *length));
    return result;
  }();
  ASSERT_EQ(cut.blocks.size(), 1u);
  EXPECT_EQ(cut.blocks[0].size(), block.size());
}

TEST(ParseSseBlockTest, DataLinesAreJoined) {
  EXPECT_EQ(Events(AtOnce("data: a\ndata:b\ndata:  c\n\n")), Strings{"|a\nb\n c"});
  EXPECT_EQ(Events(AtOnce("data\n\n")), Strings{"|"});
  EXPECT_EQ(Events(AtOnce("data:\ndata:\n\n")), Strings{"|\n"});
  EXPECT_EQ(Events(AtOnce("data: a:b: c\r\n\r\n")), Strings{"|a:b: c"});
}

TEST(ParseSseBlockTest, OtherFieldsAndCommentsAreNotData) {
  EXPECT_EQ(Events(AtOnce(": data: x\nid: 5\nretry: 7\ndatax: y\n data: z\nDATA: q\n\n")), Strings{});
  EXPECT_EQ(Events(AtOnce("event: error\ndata: {}\n\n")), Strings{"error|{}"});
  EXPECT_EQ(Events(AtOnce("event: a\nevent: b\ndata: x\n\n")), Strings{"b|x"});
}

TEST(ParseSseBlockTest, AByteOrderMarkBeforeTheFirstFieldIsSkipped) {
  EXPECT_EQ(Events(AtOnce("\xef\xbb\xbf"
                          "data: a\n\ndata: b\n\n")),
            (Strings{"|a", "|b"}));
}

TEST(ParseSseBlockTest, ABlockThatWasCutOffIsReadAsFarAsItGoes) {
  EXPECT_EQ(ParseSseBlock("data: [DONE]").data, "[DONE]");
  EXPECT_EQ(ParseSseBlock("data: [DONE]\r").data, "[DONE]");
  EXPECT_FALSE(ParseSseBlock("").has_data);
  EXPECT_FALSE(ParseSseBlock("dat").has_data);
}

TEST(SsePropertyTest, HowAStreamArrivesChangesNeitherItsBytesNorItsEvents) {
  const std::uint64_t seed = testing_tools::RandomSeed();
  std::mt19937_64 random(seed);
  static const char* const kPieces[] = {"data: a", "data:b", "event: error", ": c",      "data", "x", "\n",
                                        "\n\n",    "\r",     "\r\n",         "\r\n\r\n", "\r\r", ":", " "};
  for (int i = 0; i < 20'000; ++i) {
    std::string stream;
    for (size_t pieces = random() % 12; pieces > 0; --pieces)
      stream += kPieces[random() % std::size(kPieces)];
    const Cut whole = AtOnce(stream), bytes = ByteByByte(stream);
    const Cut pieces = Split(stream, [&](size_t left) { return 1 + random() % left; });
    for (const Cut& cut : {whole, bytes, pieces}) {
      std::string all;
      for (const std::string& block : cut.blocks) all += block;
      ASSERT_EQ(all + cut.rest, stream);
      // What is left has no event in it that could have been passed on, but for one whose last CR may be half
      // of a CRLF.
      if (!cut.rest.ends_with('\r')) {
        ASSERT_EQ(Events(cut), Events(AtOnce(stream))) << testing::PrintToString(stream);
      }
    }
  }
}

TEST(SseBlockTest, LinesOfEveryLengthAndEndAreFound) {
  for (size_t length = 0; length < 700; ++length) {
    for (const std::string end : {"\n", "\r", "\r\n"}) {
      const std::string block = "data: " + std::string(length, 'x') + end + "event: e" + end + end;
      SseSplitter splitter;
      ASSERT_EQ(splitter.BlockLength(block + "data: y"), block.size()) << length;
      const SseEvent event = ParseSseBlock(block);
      ASSERT_EQ(event.data.size(), length);
      ASSERT_EQ(event.name, "e");
    }
  }
}

}  // namespace
}  // namespace arbstr::proxy
