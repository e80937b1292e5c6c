// Random streams in random pieces: what the head of a stream becomes, and at which byte, depends on the bytes
// alone, and is what a rule of three lines says of the events.
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <vector>

#include "proxy/chat/stream_head.h"

namespace arbstr::proxy {
namespace {

using State = StreamHead::State;

struct Event {
  std::string lines;  // ended by LF
  State makes;        // of a head that is open
};

const std::array<Event, 16> kEvents = {{
    {": comment\n", State::kOpen},
    {"data:\n", State::kOpen},
    {"event: ping\nid: 7\n", State::kOpen},
    {"data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n",
     State::kOpen},
    {"data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[]},\"finish_reason\":null}]}\n",
     State::kOpen},
    {"data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}\n", State::kOpen},
    {"data: {\"type\":\"ping\"}\nevent: ping\n", State::kOpen},
    {"data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Grüße\"}}]}\n", State::kBegun},
    {"data: {\"choices\":[{\"index\":0,\ndata: \"delta\":{\"reasoning\":\"h\\u00fc\"}}]}\n", State::kBegun},
    {"data: {\"choices\":[{\"index\":1,\"delta\":{\"tool_calls\":[{\"index\":0}]}}]}\n", State::kBegun},
    {"data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"length\"}]}\n", State::kBegun},
    {"data: [DONE]\n", State::kDone},
    {"data: {\"error\":{\"message\":\"über\"}}\n", State::kError},
    {"event: error\ndata: it broke\n", State::kError},
    {"data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\n", State::kMalformed},
    {"data: <html>\n", State::kMalformed},
}};

std::string WithLineEnds(const std::string& lines, const std::string& end) {
  std::string text;
  for (const char c : lines) text += c == '\n' ? end : std::string(1, c);
  return text;
}

class StreamHeadPropertyTest : public testing::Test {
 protected:
  // Mostly of events that leave the head open, so that each of the others is met at any depth.
  std::string RandomStream(State& expected) {
    const std::array<const char*, 3> line_ends = {"\n", "\r\n", "\r"};
    const std::string end = line_ends[random_() % line_ends.size()];
    std::string stream;
    expected = State::kOpen;
    for (size_t count = random_() % 8; count > 0; --count) {
      const Event& event = kEvents[random_() % (random_() % 3 == 0 ? kEvents.size() : 7)];
      stream += WithLineEnds(event.lines + "\n", end);
      if (expected == State::kOpen) expected = event.makes;
    }
    // The end of a stream of CRs is a half of a CRLF until more comes.
    stream += ":" + end;
    return stream;
  }

  // What the head says of each prefix that `pieces` of at most that many bytes make.
  State Feed(const std::string& stream, size_t most, size_t& known_at) {
    StreamHead head({}, parser_);
    known_at = stream.size();
    for (size_t at = 0; at < stream.size();) {
      at = std::min(stream.size(), at + 1 + random_() % most);
      // A copy of its own, so that a sanitizer sees a look past the end.
      const std::string prefix = stream.substr(0, at);
      if (head.Look(prefix, false) != State::kOpen) known_at = std::min(known_at, at);
    }
    return head.state();
  }

  const unsigned seed_ = std::random_device{}();
  std::mt19937 random_{seed_};
  simdjson::dom::parser parser_;
};

TEST_F(StreamHeadPropertyTest, PiecesDecideNothing) {
  SCOPED_TRACE("seed " + std::to_string(seed_));
  std::array<int, 6> met{};
  for (int round = 0; round < 4000; ++round) {
    State expected;
    const std::string stream = RandomStream(expected);
    SCOPED_TRACE(stream);
    size_t first = 0, known = 0;
    ASSERT_EQ(Feed(stream, 1, first), expected);
    for (const size_t most : {3u, 40u, 1000u}) {
      ASSERT_EQ(Feed(stream, most, known), expected);
      ASSERT_GE(known, first) << "it cannot be known before the byte at which it is";
    }
    if (expected == State::kOpen) {
      StreamHead head({}, parser_);
      ASSERT_EQ(head.Look(stream, true), State::kCut);
    }
    ++met[static_cast<size_t>(expected)];
  }
  for (const State state : {State::kOpen, State::kBegun, State::kDone, State::kError, State::kMalformed}) {
    EXPECT_GT(met[static_cast<size_t>(state)], 50) << static_cast<int>(state);
  }
}

TEST_F(StreamHeadPropertyTest, AnyBytesAreHarmlessAndBounded) {
  SCOPED_TRACE("seed " + std::to_string(seed_));
  const std::string letters = "data: {}[]\":\n\r\n\n\xff\xc3\xb6,error";
  for (int round = 0; round < 20000; ++round) {
    std::string bytes;
    for (size_t length = random_() % 64; length > 0; --length) bytes += letters[random_() % letters.size()];
    StreamHead head({}, parser_);
    head.Look(bytes, false);
    EXPECT_NE(head.Look(bytes, true), State::kOpen);
  }
  StreamHead head({}, parser_);
  std::string endless(StreamHead::kMaxBytes, 'x');
  for (size_t at = 0; at < endless.size(); at += 4096) {
    ASSERT_EQ(head.Look(std::string_view(endless).substr(0, at), false), State::kOpen);
  }
  EXPECT_EQ(head.Look(endless, false), State::kBegun);
}

}  // namespace
}  // namespace arbstr::proxy
