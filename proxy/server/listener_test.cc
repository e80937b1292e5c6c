#include "proxy/server/listener.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <new>
#include <sstream>
#include <string>

#include "proxy/gateway.h"
#include "proxy/server/testing_config.h"
#include "proxy/setup.h"
#include "proxy/worker.h"

namespace {

// Which of this thread's next allocations fails; 0: none does.
thread_local int allocation_to_fail = 0;

}  // namespace

void* operator new(std::size_t size) {
  const bool fails = allocation_to_fail > 0 && --allocation_to_fail == 0;
  void* const memory = fails ? nullptr : std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return std::malloc(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace arbstr::proxy {
namespace {

using asio::ip::tcp;
constexpr std::chrono::seconds kPatience{20};

// A loop that runs when the test says so, and its share of a listening socket.
class ListenerTest : public testing::Test {
 protected:
  void Open() {
    listener_.reset();
    worker_.reset();
    gateway_.reset();
    const Config config = TestingConfig();
    auto gateway = BuildGateway(config);
    ASSERT_TRUE(gateway.ok()) << gateway.status();
    gateway_ = *std::move(gateway);
    const auto setup = BuildSetup(config, nullptr);
    ASSERT_TRUE(setup.ok()) << setup.status();
    worker_ = std::make_unique<Worker>(*gateway_, *setup);
    const auto socket = Listen(config.server.listen);
    ASSERT_TRUE(socket.ok()) << socket.status();
    port_ = socket->endpoint.port();
    auto listener = Listener::Open(*worker_, *socket);
    ::close(socket->descriptor);
    ASSERT_TRUE(listener.ok()) << listener.status();
    listener_ = *std::move(listener);
  }

  tcp::socket Connect() {
    tcp::socket client(clients_);
    client.connect({asio::ip::address_v4::loopback(), port_});
    return client;
  }
  // What the gateway says to it, up to `size` bytes; empty where it closes instead.
  std::string Said(tcp::socket& client, size_t size) {
    const auto until = std::chrono::steady_clock::now() + kPatience;
    pollfd readable{client.native_handle(), POLLIN, 0};
    while (::poll(&readable, 1, 0) == 0 && std::chrono::steady_clock::now() < until) {
      worker_->loop.run_one_for(std::chrono::milliseconds(1));
    }
    if (readable.revents == 0) {
      ADD_FAILURE() << "nothing in time";
      return "";
    }
    std::string said(size, '\0');
    ErrorCode error;
    said.resize(client.read_some(asio::buffer(said), error));
    return said;
  }
  std::string AnswerToHealth(tcp::socket& client) {
    asio::write(client, asio::buffer(std::string("GET /health HTTP/1.1\r\nhost: gateway\r\n\r\n")));
    return Said(client, 12);
  }

  asio::io_context clients_;
  std::unique_ptr<Gateway> gateway_;
  std::unique_ptr<Worker> worker_;
  std::shared_ptr<Listener> listener_;
  std::uint16_t port_ = 0;
};

TEST_F(ListenerTest, WhatWaitsWhileItClosesIsTakenAndEndedByTheDrain) {
  Open();
  tcp::socket accepted = Connect();
  tcp::socket waiting = Connect();
  tcp::socket asking = Connect();
  asio::write(asking, asio::buffer(std::string("GET /health HTTP/1.1\r\nhost: gateway\r\n\r\n")));
  listener_->Start();
  worker_->loop.poll_one();  // accepts at once, and is to be told so by the loop
  gateway_->draining = true;
  listener_->Close();
  worker_->loop.poll();
  EXPECT_EQ(Said(accepted, 1), "");
  EXPECT_EQ(Said(waiting, 1), "");
  EXPECT_EQ(Said(asking, 12), "HTTP/1.1 503");
  worker_->loop.poll();
  EXPECT_EQ(gateway_->connections.load(), 0u);
}

// Where it is the loop itself that has no memory, nothing is to be done.
TEST_F(ListenerTest, AConnectionThatFailsIsLoggedAndTheNextOneIsServed) {
  std::ostringstream log;
  const auto before = spdlog::default_logger();
  spdlog::set_default_logger(
      std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(log)));
  const auto dropped = [&] { return log.str().find("connection was dropped") != log.str().npos; };
  for (int failing = 1; failing < 20 && !dropped(); ++failing) {
    Open();
    tcp::socket first = Connect();
    tcp::socket second = Connect();
    listener_->Start();
    worker_->loop.poll_one();
    allocation_to_fail = failing;
    try {
      while (allocation_to_fail > 0 && worker_->loop.poll_one() > 0) {
      }
    } catch (const std::bad_alloc&) {
      continue;
    }
    allocation_to_fail = 0;
    EXPECT_EQ(AnswerToHealth(second), "HTTP/1.1 200");
  }
  spdlog::set_default_logger(before);
  EXPECT_TRUE(dropped());
}

TEST_F(ListenerTest, AClientThatIsSilentForLongIsAskedWhetherItIsThere) {
  ListenAddress address;
  address.port = 0;
  const auto socket = Listen(address);
  ASSERT_TRUE(socket.ok()) << socket.status();
  tcp::socket client(clients_);
  client.connect(socket->endpoint);
  tcp::socket accepted(clients_, tcp::v4(), ::accept(socket->descriptor, nullptr, nullptr));
  ::close(socket->descriptor);
  asio::socket_base::keep_alive asked;
  accepted.get_option(asked);
  EXPECT_TRUE(asked.value());
}

TEST_F(ListenerTest, WithoutADescriptorItIsNotOpened) {
  Open();
  EXPECT_FALSE(Listener::Open(*worker_, {.descriptor = -1, .endpoint = {}}).ok());
}

}  // namespace
}  // namespace arbstr::proxy
