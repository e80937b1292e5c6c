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
  // In a chunked response whose head has been read, and so much of its rest.
  std::unique_ptr<UpstreamConnection> Unfinished(const std::string& begun) {
    auto connection = Connection();
    connection->rest.emplace(1000);
    connection->rest->PutHead("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
    connection->input.Append(begun);
    return connection;
  }
  // By the other end of the connection made last.
  void Say(const std::string& bytes) { peers_.back().send(asio::buffer(bytes)); }
  // Whether the other end of the connection made last has been closed.
  bool PeerSeesEnd() {
    char byte;
    ErrorCode error;
    peers_.back().non_blocking(true);
    peers_.back().read_some(asio::buffer(&byte, 1), error);
    // A reset: of what it said there was something unread.
    return error == asio::error::eof || error == asio::error::connection_reset;
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
  EXPECT_FALSE(pool_.Take(*alpha_));
}

TEST_F(ConnectionPoolTest, TheConnectionThatIsClosedForItsDescriptorIsTheOldestOfAllProviders) {
  pool_.Serve({alpha_, beta_});
  EXPECT_FALSE(pool_.CloseOldest());
  pool_.Put(*beta_, Connection());
  pool_.Put(*alpha_, Connection());
  pool_.Put(*beta_, Connection());
  EXPECT_TRUE(pool_.CloseOldest());
  EXPECT_TRUE(pool_.CloseOldest());
  EXPECT_FALSE(pool_.Take(*alpha_));
  EXPECT_TRUE(pool_.Take(*beta_));
  EXPECT_FALSE(pool_.CloseOldest());
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

// The rest of a stream that was done with before its last chunk came.
TEST_F(ConnectionPoolTest, AnOldConnectionIsNotKept) {
  pool_.Serve({alpha_});
  auto old = Connection();
  old->opened = std::chrono::steady_clock::now() - ConnectionPool::kMaxAge - std::chrono::seconds(1);
  pool_.Put(*alpha_, std::move(old));
  EXPECT_FALSE(pool_.Take(*alpha_));
  auto with_rest = Unfinished("0\r\n\r\n");
  with_rest->opened = std::chrono::steady_clock::now() - ConnectionPool::kMaxAge - std::chrono::seconds(1);
  pool_.PutUnfinished(*alpha_, std::move(with_rest));
  EXPECT_FALSE(pool_.Take(*alpha_));
}

TEST_F(ConnectionPoolTest, AConnectionWithARestIsNotOlderForBeingKeptForLess) {
  pool_.Serve({alpha_, beta_});
  pool_.Put(*alpha_, Connection());
  pool_.PutUnfinished(*beta_, Unfinished("0\r\n\r\n"));
  EXPECT_TRUE(pool_.CloseOldest());
  EXPECT_FALSE(pool_.Take(*alpha_));
  EXPECT_TRUE(pool_.Take(*beta_));
}

TEST_F(ConnectionPoolTest, AnUnfinishedConnectionIsTakenOnceItsRestHasCome) {
  pool_.Serve({alpha_});
  pool_.PutUnfinished(*alpha_, Unfinished("0\r"));
  EXPECT_FALSE(pool_.Take(*alpha_));
  Say("\n\r\n");
  const auto taken = pool_.Take(*alpha_);
  ASSERT_TRUE(taken);
  EXPECT_FALSE(taken->rest);
  EXPECT_EQ(taken->input.size(), 0u);
  EXPECT_FALSE(pool_.Take(*alpha_));
}

TEST_F(ConnectionPoolTest, AnUnfinishedConnectionIsClosedWithoutItsRest) {
  pool_.Serve({alpha_});
  for (const char* rest : {"no chunk\r\n", "0\r\n\r\nmore"}) {
    pool_.PutUnfinished(*alpha_, Unfinished(""));
    Say(rest);
    EXPECT_FALSE(pool_.Take(*alpha_));
    EXPECT_TRUE(PeerSeesEnd()) << rest;
  }
  pool_.PutUnfinished(*alpha_, Unfinished("800\r\n"));
  Say(std::string(0x700, 'x'));
  EXPECT_FALSE(pool_.Take(*alpha_)) << "more than goes without saying is not listened to";
  EXPECT_TRUE(PeerSeesEnd());
  pool_.PutUnfinished(*alpha_, Unfinished(""));
  peers_.back().close();
  EXPECT_FALSE(pool_.Take(*alpha_));
}

TEST_F(ConnectionPoolTest, ARestIsNotAwaitedForLong) {
  LoopClock::TimePoint now = LoopClock().Now();
  DeadlineWheel wheel(loop_.get_executor(), LoopClock(now));
  ConnectionPool pool(wheel);
  pool.Serve({alpha_});
  pool.PutUnfinished(*alpha_, Unfinished(""));
  Say("0\r\n\r\n");
  pool.PutUnfinished(*alpha_, Unfinished(""));
  now += ConnectionPool::kRestTime + 2 * DeadlineWheel::kTick;
  wheel.FireExpired(now);
  EXPECT_TRUE(PeerSeesEnd());
  EXPECT_TRUE(pool.Take(*alpha_)) << "whose rest has come is kept";
  EXPECT_FALSE(pool.Take(*alpha_));
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
