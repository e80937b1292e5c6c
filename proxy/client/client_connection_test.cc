#include "proxy/client/client_connection.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <optional>
#include <string>

#include "proxy/net/scripted_wire.h"
#include "proxy/net/spawned.h"

namespace arbstr::proxy {
namespace {

Task<> FillOnce(ClientConnection& client, std::optional<ErrorCode>& result) {
  result = co_await client.Fill(client.clock().Now() + std::chrono::seconds(30));
}

TEST(ClientConnectionTest, AFalseAlarmIsNoInput) {
  asio::io_context loop{1};
  DeadlineWheel wheel(loop.get_executor());
  const std::deque<std::string> pieces = {"", "", "GET"};
  ByteStream stream(loop.get_executor(), std::make_unique<ScriptedWire>(loop.get_executor(), pieces));
  const auto client =
      std::make_shared<ClientConnection>(std::move(stream), wheel, 8192, std::chrono::seconds(30));
  std::optional<ErrorCode> result;
  Spawn(loop.get_executor(), FillOnce(*client, result));
  while (!result && loop.run_one_for(std::chrono::seconds(30)) > 0) {
  }
  ASSERT_TRUE(result);
  EXPECT_FALSE(*result) << result->message();
  EXPECT_EQ(client->input(), "GET");
  client->Close();
}

}  // namespace
}  // namespace arbstr::proxy
