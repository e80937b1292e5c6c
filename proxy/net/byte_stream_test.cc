#include "proxy/net/byte_stream.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "proxy/net/spawned.h"
#include "proxy/net/write_all.h"
#include "tools/testing/random_seed.h"

namespace arbstr::proxy {
namespace {

using asio::ip::tcp;
constexpr std::chrono::seconds kPatience{30};

// A plain connection and its peer, a blocking socket.
class ByteStreamTest : public testing::Test {
 protected:
  ByteStreamTest() {
    tcp::acceptor listener(loop_, tcp::endpoint(asio::ip::make_address("127.0.0.1"), 0));
    Socket socket(loop_.get_executor());
    socket.connect(listener.local_endpoint());
    listener.accept(peer_);
    stream_.emplace(std::move(socket));
  }

  std::string Received(size_t size) {
    std::string bytes(size, '\0');
    asio::read(peer_, asio::buffer(bytes));
    return bytes;
  }

  // Sends until no more is taken; how much was.
  size_t Fill() {
    const std::string piece(65536, 'x');
    const asio::const_buffer buffer(piece.data(), piece.size());
    size_t taken = 0;
    ErrorCode error;
    while (!error) taken += stream_->WriteNow({&buffer, 1}, error);
    EXPECT_EQ(error, asio::error::would_block);
    return taken;
  }

  asio::io_context loop_{1};
  tcp::socket peer_{loop_};
  std::optional<ByteStream> stream_;
};

Task<> Write(ByteStream& stream, std::string& order) {
  order += '<';
  asio::const_buffer buffer("x", 1);
  const std::span<asio::const_buffer> all(&buffer, 1);
  co_await WriteAll(stream, all);
  order += '>';
}

// Now and then it is tried whether that is worth it: among so many there is one such.
TEST_F(ByteStreamTest, WritesWaitForWhatElseTheirLoopHasToDo) {
  std::string order;
  for (int i = 0; i < 20; ++i) {
    asio::post(loop_, [&] { Spawn(loop_.get_executor(), Write(*stream_, order)); });
  }
  loop_.run();
  EXPECT_NE(order.find("<<"), order.npos) << order;
  EXPECT_EQ(Received(20), std::string(20, 'x'));
}

// Sizes around the one up to which pieces are copied, and more pieces than one call takes.
TEST_F(ByteStreamTest, PiecesOfAnySizeArriveInOrder) {
  const std::uint64_t seed = testing_tools::RandomSeed();
  std::mt19937_64 random(seed);
  for (int round = 0; round < 300; ++round) {
    std::vector<std::string> pieces(1 + random() % 24);
    const size_t most = round % 3 == 0 ? 4097 : 4096 / pieces.size() + 3;
    std::string whole;
    for (std::string& piece : pieces) {
      piece.assign(1 + random() % most, static_cast<char>('a' + random() % 26));
      if (random() % 8 == 0 && !whole.empty()) piece.clear();
      whole += piece;
    }
    std::vector<asio::const_buffer> buffers;
    for (const std::string& piece : pieces) buffers.emplace_back(piece.data(), piece.size());
    size_t sent = 0;
    for (std::span<asio::const_buffer> rest = buffers; !rest.empty();) {
      ErrorCode error;
      const size_t bytes = stream_->WriteNow(rest, error);
      ASSERT_FALSE(error) << error.message();
      sent += bytes;
      rest = Unwritten(rest, bytes);
    }
    ASSERT_EQ(sent, whole.size());
    ASSERT_EQ(Received(sent), whole);
  }
}

TEST_F(ByteStreamTest, WhatTheKernelDoesNotTakeWouldBlock) {
  const size_t taken = Fill();
  EXPECT_EQ(Received(taken), std::string(taken, 'x'));
}

TEST_F(ByteStreamTest, APeerThatIsGoneIsAnError) {
  peer_.set_option(asio::socket_base::linger(true, 0));
  peer_.close();
  pollfd reset{stream_->socket().native_handle(), 0, 0};
  ASSERT_EQ(::poll(&reset, 1, 30'000), 1);
  const asio::const_buffer buffer("x", 1);
  ErrorCode error;
  EXPECT_EQ(stream_->WriteNow({&buffer, 1}, error), 0u);
  EXPECT_TRUE(error == asio::error::connection_reset || error == asio::error::broken_pipe) << error.message();
}

TEST_F(ByteStreamTest, OverTlsNothingIsWrittenPastIt) {
  asio::ssl::context context(asio::ssl::context::tls_client);
  stream_->StartTls(context);
  const asio::const_buffer buffer("x", 1);
  ErrorCode error;
  EXPECT_EQ(stream_->WriteNow({&buffer, 1}, error), 0u);
  EXPECT_EQ(error, asio::error::would_block);
  EXPECT_EQ(peer_.available(), 0u);
}

Task<> WriteOnce(ByteStream& stream, std::vector<asio::const_buffer> buffers,
                 std::optional<ErrorCode>& result) {
  result = co_await WriteAll(stream, buffers);
}

// What does not fit is waited for: the peer begins to read only then.
TEST_F(ByteStreamTest, AWriteWaitsForAPeerThatReadsLate) {
  const size_t before = Fill();
  const std::string head = "head", body(3'000'000, 'b');
  std::optional<ErrorCode> result;
  Spawn(loop_.get_executor(), WriteOnce(*stream_, {asio::buffer(head), asio::buffer(body)}, result));
  loop_.poll();
  ASSERT_FALSE(result) << "there was room left";
  EXPECT_EQ(Received(before), std::string(before, 'x'));
  std::string got;
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (got.size() < head.size() + body.size() && std::chrono::steady_clock::now() < until) {
    loop_.run_one_for(std::chrono::milliseconds(1));
    if (peer_.available() > 0) got += Received(peer_.available());
  }
  loop_.run_for(std::chrono::milliseconds(0));
  EXPECT_EQ(got, head + body);
  ASSERT_TRUE(result);
  EXPECT_FALSE(*result) << result->message();
}

TEST_F(ByteStreamTest, NothingToReadWouldBlockAndAnEndIsAnEnd) {
  std::array<char, 8> room;
  ErrorCode error;
  EXPECT_EQ(stream_->ReadNow(room, error), 0u);
  EXPECT_EQ(error, asio::error::would_block);
  EXPECT_TRUE(stream_->IsQuiet());
  asio::write(peer_, asio::buffer("ab", 2));
  peer_.shutdown(tcp::socket::shutdown_send);
  pollfd readable{stream_->socket().native_handle(), POLLIN, 0};
  ASSERT_EQ(::poll(&readable, 1, 30'000), 1);
  EXPECT_FALSE(stream_->IsQuiet());
  error = {};
  EXPECT_EQ(stream_->ReadNow(room, error), 2u);
  EXPECT_FALSE(error);
  ASSERT_EQ(::poll(&readable, 1, 30'000), 1);
  EXPECT_EQ(stream_->ReadNow(room, error), 0u);
  EXPECT_EQ(error, asio::error::eof);
}

}  // namespace
}  // namespace arbstr::proxy
