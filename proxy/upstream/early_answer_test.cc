#include "proxy/upstream/early_answer.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>

#include "proxy/net/scripted_wire.h"

namespace arbstr::proxy {
namespace {

TEST(JudgeEarlyBytesTest, ARefusalIsOneBehindAnyInterimResponses) {
  const std::string interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n";
  for (const std::string status : {"413 Content Too Large", "503 Service Unavailable", "302 Found"}) {
    EXPECT_EQ(JudgeEarlyBytes("HTTP/1.1 " + status), EarlyBytes::kRefusal);
    EXPECT_EQ(JudgeEarlyBytes("HTTP/1.0 " + status + "\r\n\r\n"), EarlyBytes::kRefusal);
    EXPECT_EQ(JudgeEarlyBytes(interim + "HTTP/1.1 " + status), EarlyBytes::kRefusal);
  }
  EXPECT_EQ(JudgeEarlyBytes("SSH-2.0-OpenSSH"), EarlyBytes::kRefusal);
}

TEST(JudgeEarlyBytesTest, ASuccessMayBeginWhileTheRequestIsRead) {
  EXPECT_EQ(JudgeEarlyBytes("HTTP/1.1 200 OK\r\n"), EarlyBytes::kGoOn);
  EXPECT_EQ(JudgeEarlyBytes("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK"), EarlyBytes::kGoOn);
}

TEST(JudgeEarlyBytesTest, UntilTheStatusOfAFinalOneIsThereNothingIsDecided) {
  const std::string text = "HTTP/1.1 100 Continue\r\nX: y\r\n\r\nHTTP/1.1 4";
  for (size_t length = 0; length < text.size(); ++length) {
    EXPECT_EQ(JudgeEarlyBytes(text.substr(0, length)), EarlyBytes::kUndecided) << length;
  }
  EXPECT_EQ(JudgeEarlyBytes(text), EarlyBytes::kRefusal);
}

Task<> Write(ByteStream& stream, std::string_view bytes, WriteWatch& watch, ErrorCode& ended) {
  asio::const_buffer buffer(bytes.data(), bytes.size());
  ended = co_await WriteAll(stream, {&buffer, 1}, &watch);
}

// Writes over TLS, and those of a wire, end before anything can cancel them.
TEST(EarlyAnswerTest, AnInterruptBetweenTwoWritesEndsTheSending) {
  asio::io_context loop{1};
  ByteStream stream(loop.get_executor(),
                    std::make_unique<ScriptedWire>(loop.get_executor(), std::deque<std::string>()));
  BodyBuffer input(1000);
  Interrupt interrupt;
  EarlyAnswer early(stream, input, interrupt);
  ErrorCode ended = asio::error::in_progress;
  Spawn(loop.get_executor(), Write(stream, "first", early, ended), interrupt.slot());
  loop.run();
  EXPECT_FALSE(ended) << ended.message();
  interrupt.Fire(InterruptReason::kDeadline);
  Spawn(loop.get_executor(), Write(stream, "second", early, ended), interrupt.slot());
  loop.restart();
  loop.run();
  EXPECT_EQ(ended, asio::error::operation_aborted);
}

}  // namespace
}  // namespace arbstr::proxy
