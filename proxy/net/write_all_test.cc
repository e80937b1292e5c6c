#include "proxy/net/write_all.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "proxy/net/spawned.h"

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

class UnwantedWrite final : public WriteWatch {
 public:
  bool IsWanted() const override { return false; }
  bool WaitBegins() override { return true; }
  void WaitEnds() override {}
};

Task<> WriteUnwanted(ByteStream& stream, std::optional<ErrorCode>& result) {
  const std::string text = "POST";
  asio::const_buffer buffer(text.data(), text.size());
  UnwantedWrite watch;
  result = co_await WriteAll(stream, {&buffer, 1}, &watch);
}

// It cannot be cancelled while it waits for its turn.
TEST(WriteAllTest, WhatIsNotWantedAnyMoreWhenItsTurnComesIsNotWritten) {
  asio::io_context loop{1};
  asio::ip::tcp::acceptor acceptor(loop, {asio::ip::address_v4::loopback(), 0});
  asio::ip::tcp::socket peer(loop);
  peer.connect(acceptor.local_endpoint());
  Socket socket(loop.get_executor());
  acceptor.accept(socket);
  ByteStream stream(std::move(socket));
  std::optional<ErrorCode> result;
  Spawn(loop.get_executor(), WriteUnwanted(stream, result));
  loop.run_for(std::chrono::seconds(30));
  ASSERT_TRUE(result);
  EXPECT_EQ(*result, asio::error::operation_aborted);
  EXPECT_EQ(peer.available(), 0u);
}

}  // namespace
}  // namespace arbstr::proxy
