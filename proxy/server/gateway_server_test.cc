#include "proxy/server/gateway_server.h"

#include <gtest/gtest.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <string>

#include "proxy/server/testing_config.h"

namespace arbstr::proxy {
namespace {

using asio::ip::tcp;

// A request that does not end by itself, however long it is given, is ended with its loop.
TEST(GatewayServerTest, ARequestThatNeverEndedHasItsRow) {
  asio::io_context context;
  tcp::acceptor provider(context, {asio::ip::address_v4::loopback(), 0});
  const Config config = TestingConfig(provider.local_endpoint().port());
  auto server = GatewayServer::Start(config);
  ASSERT_TRUE(server.ok()) << server.status();
  const std::string address = (*server)->address();
  tcp::socket client(context);
  client.connect({asio::ip::address_v4::loopback(),
                  static_cast<uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)))});
  asio::write(client, asio::buffer(TestingChatRequest()));
  tcp::socket asked(context);
  provider.accept(asked);  // the provider, who says nothing
  server->reset();
  EXPECT_EQ(OnlyRow(config.database.path).error_status, 500);
}

}  // namespace
}  // namespace arbstr::proxy
