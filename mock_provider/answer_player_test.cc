#include "mock_provider/answer_player.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "mock_provider/testing_raw_client.h"

namespace mock_provider {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

TEST(AnswerPlayer, AClientThatLeavesDuringAWriteHasLeft) {
  asio::io_context io{1};
  tcp::acceptor acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  testing::RawClient client(acceptor.local_endpoint().port());
  Transport transport(acceptor.accept());
  MockState state(io.get_executor());
  boost::beast::flat_buffer buffer;
  AnswerPlayer player(transport, buffer, state);
  WirePlan plan;
  plan.Write(std::string(64 << 20, 'x'));  // more than the system takes for a client that does not read
  std::optional<bool> goes_on;
  asio::co_spawn(
      io, [&]() -> asio::awaitable<void> { goes_on = co_await player.Play(plan); }, asio::detached);
  io.poll();
  EXPECT_FALSE(goes_on.has_value());
  EXPECT_FALSE(player.Left());
  client.Close();
  io.run_for(std::chrono::seconds(10));
  EXPECT_EQ(goes_on, false);
  EXPECT_TRUE(player.Left());
}

}  // namespace
}  // namespace mock_provider
