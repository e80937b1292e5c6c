#include "proxy/upstream/connection_pool.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <list>

#include "proxy/net/scripted_wire.h"

namespace arbstr::proxy {
namespace {

using asio::ip::tcp;

class ConnectionPoolTest : public testing::Test {
 protected:
  static std::shared_ptr<const Upstream> Provider(const std::string& name) {
    auto upstream = std::make_shared<Upstream>();
    upstream->config.name = name;
    return upstream;
  }
  // A connection to a peer that stays quiet.
  std::unique_ptr<UpstreamConnection> Connection() {
    Socket socket(loop_.get_executor());
    socket.connect(listener_.local_endpoint());
    peers_.push_back(listener_.accept());
    return std::make_unique<UpstreamConnection>(
        UpstreamConnection{std::make_unique<ByteStream>(std::move(socket)), BodyBuffer(1000)});
  }
  // Whether the other end of the connection made last has been closed.
  bool PeerSeesEnd() {
    char byte;
    ErrorCode error;
    peers_.back().non_blocking(true);
    peers_.back().read_some(asio::buffer(&byte, 1), error);
    return error == asio::error::eof;
  }

  asio::io_context loop_{1};
  tcp::acceptor listener_{loop_, tcp::endpoint(asio::ip::make_address("127.0.0.1"), 0)};
  std::list<tcp::socket> peers_;
  DeadlineWheel wheel_{loop_.get_executor()};
  ConnectionPool pool_{wheel_};
  const std::shared_ptr<const Upstream> alpha_ = Provider("alpha"), beta_ = Provider("beta");
};

TEST_F(ConnectionPoolTest, AConnectionThatWasPutIsTakenOnce) {
  pool_.Serve({alpha_, beta_});
  pool_.Put(*alpha_, Connection());
  EXPECT_FALSE(pool_.Take(*beta_));
  const auto taken = pool_.Take(*alpha_);
  ASSERT_TRUE(taken);
  EXPECT_TRUE(taken->reused);
  EXPECT_FALSE(pool_.Take(*alpha_));
}

TEST_F(ConnectionPoolTest, IdleConnectionsToAProviderThatGoesAreClosedAtOnce) {
  pool_.Serve({alpha_, beta_});
  pool_.Put(*beta_, Connection());
  pool_.Put(*alpha_, Connection());
  pool_.Serve({beta_});
  EXPECT_TRUE(PeerSeesEnd());
  EXPECT_TRUE(pool_.Take(*beta_)) << "those to one that stays are kept";
}

TEST_F(ConnectionPoolTest, NoMoreThanItsMostAreKeptOfEachProvider) {
  pool_.Serve({alpha_, beta_});
  // Without sockets: so many would need more descriptors than a test may have.
  const auto executor = loop_.get_executor();
  for (size_t put = 0; put <= ConnectionPool::kMaxIdlePerUpstream; ++put) {
    auto wire = std::make_unique<ScriptedWire>(executor, std::deque<std::string>());
    auto stream = std::make_unique<ByteStream>(executor, std::move(wire));
    pool_.Put(*alpha_,
              std::make_unique<UpstreamConnection>(UpstreamConnection{std::move(stream), BodyBuffer(1000)}));
  }
  pool_.Put(*beta_, Connection());
  size_t taken = 0;
  while (pool_.Take(*alpha_)) ++taken;
  EXPECT_EQ(taken, ConnectionPool::kMaxIdlePerUpstream);
  EXPECT_TRUE(pool_.Take(*beta_));
}

TEST_F(ConnectionPoolTest, OneInUseIsClosedWhenItComesBack) {
  pool_.Serve({alpha_, beta_});
  auto in_use = Connection();
  pool_.Serve({beta_});
  EXPECT_FALSE(PeerSeesEnd());
  pool_.Put(*alpha_, std::move(in_use));
  EXPECT_TRUE(PeerSeesEnd());
  EXPECT_FALSE(pool_.Take(*alpha_));
}

}  // namespace
}  // namespace arbstr::proxy
