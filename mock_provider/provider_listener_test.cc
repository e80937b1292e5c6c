#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <string>

#include "mock_provider/mock_provider.h"
#include "mock_provider/testing_raw_client.h"

namespace mock_provider {
namespace {

using boost::asio::ip::tcp;
using std::chrono::milliseconds;
using testing::Ask;
using testing::RawClient;

TEST(ProviderListener, SaysThatItsPortIsTakenAndTakesItAgainWhenItCan) {
  const auto mock = MockProvider::StartJson(R"({"providers":[{"name":"a","listener":[
      {"refuse":true,"schedule":[{"after_ms":60000,"for_ms":5000,"every_ms":10000}]}]}]})");
  ASSERT_TRUE(mock.ok()) << mock.status();
  (*mock)->FreezeClock();
  const std::uint16_t port = (*mock)->port("a");
  (*mock)->AdvanceClock(milliseconds(60'000));
  ASSERT_FALSE(RawClient(port).Connected());

  // Nobody listens there now: a program that reuses addresses gets the port.
  boost::asio::io_context io;
  tcp::acceptor other(io, tcp::endpoint(boost::asio::ip::address_v4::loopback(), port));
  ::testing::internal::CaptureStderr();
  (*mock)->AdvanceClock(milliseconds(5'000));
  (*mock)->AdvanceClock(milliseconds(5'000));
  const std::string told = ::testing::internal::GetCapturedStderr();
  const std::string line = "provider a: cannot listen on 127.0.0.1:" + std::to_string(port);
  EXPECT_EQ(told.find(line), 0u) << told;
  EXPECT_EQ(told.find(line, 1), std::string::npos) << told;

  other.close();
  (*mock)->AdvanceClock(milliseconds(5'000));
  EXPECT_EQ(Ask(port, "m").bytes.substr(9, 3), "200");
}

}  // namespace
}  // namespace mock_provider
