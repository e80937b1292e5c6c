#include "mock_provider/provider_listener.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <utility>

#include "mock_provider/http/certificate_authority.h"
#include "mock_provider/http/tls_contexts.h"
#include "mock_provider/mock_provider.h"
#include "mock_provider/provider_host.h"
#include "mock_provider/testing_raw_client.h"

namespace mock_provider {
namespace {

using boost::asio::ip::tcp;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::Ask;
using testing::ChatRequestText;
using testing::RawClient;

// Stops a listener after each number of the loop's steps in turn, until they are all that its clients give it
// to do; each time all of its connections have to end.
class StopTest : public ::testing::Test {
 protected:
  void SweepOver(const std::string& sent) {
    std::size_t steps = 0;
    while (StopsAfter(steps, sent) && !HasFailure()) ++steps;
    EXPECT_GT(steps, 2u);
  }

  // Whether there were that many steps.
  bool StopsAfter(std::size_t steps, const std::string& sent) {
    boost::asio::io_context io{1};
    MockState state(io.get_executor());
    auto host = std::make_shared<ProviderHost>(0, provider_);
    host->tls = tls_;
    const auto listener = std::make_shared<ProviderListener>(io.get_executor(), state, std::move(host));
    EXPECT_TRUE(listener->Open().ok());
    std::deque<RawClient> clients;
    for (int i = 0; i < clients_; ++i) clients.emplace_back(listener->port()).Send(sent);
    std::size_t taken = 0;
    while (taken < steps && io.poll_one() > 0) ++taken;
    listener->Stop();
    io.run_for(seconds(10));
    EXPECT_TRUE(io.stopped()) << "after step " << taken;
    return taken == steps;
  }

  void AnswerWith(Reply reply) {
    Rule rule;
    rule.script.push_back({.action = {.reply = std::move(reply)}, .choose = {}, .times = 1});
    provider_.rules.push_back(std::move(rule));
  }

  Provider provider_ = DefaultScenario().providers.front();
  std::shared_ptr<boost::asio::ssl::context> tls_;
  int clients_ = 3;
};

TEST_F(StopTest, EndsRequestsWhoseHeadIsStillToCome) { SweepOver("POST /v1/chat/completions HTTP/1.1\r\n"); }

TEST_F(StopTest, EndsUploads) {
  SweepOver("POST /v1/chat/completions HTTP/1.1\r\nContent-Length: 400000\r\n\r\n" +
            std::string(90'000, ' '));
}

TEST_F(StopTest, EndsUploadsThatWaitToBeContinued) {
  SweepOver("POST /v1/chat/completions HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 400000\r\n\r\n");
}

TEST_F(StopTest, EndsAnswersThatNobodyReads) {
  Reply reply;
  reply.body = std::string(8 << 20, 'x');
  AnswerWith(std::move(reply));
  clients_ = 1;  // takes as many steps as the system's buffers hold pieces
  SweepOver(ChatRequestText("m"));
}

TEST_F(StopTest, EndsStreams) {
  Reply reply;
  reply.text = "one two three four five";
  AnswerWith(std::move(reply));
  SweepOver(ChatRequestText("m", ",\"stream\":true"));
}

TEST_F(StopTest, EndsRequestsThatAreRefused) { SweepOver("no HTTP\r\n\r\n"); }

TEST_F(StopTest, EndsHandshakes) {
  const auto authority = CertificateAuthority::Make();
  ASSERT_TRUE(authority.ok()) << authority.status();
  const auto identity = authority->Issue(Tls::Certificate::kValid, "127.0.0.1");
  ASSERT_TRUE(identity.ok()) << identity.status();
  const auto context = ServerContext(*identity);
  ASSERT_TRUE(context.ok()) << context.status();
  tls_ = *context;
  provider_.tls = Tls();
  const std::string half_hello("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11);
  SweepOver(half_hello);
}

TEST_F(StopTest, EndsHandshakesThatAreToHangOrToClose) {
  for (const auto kind : {Tls::Handshake::kHang, Tls::Handshake::kClose}) {
    provider_.tls = Tls();
    provider_.tls->handshake = kind;
    SweepOver("");
    SweepOver(std::string(2000, 'x'));
  }
}

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

TEST(ProviderListener, AClockMovedOntoAnEdgeOfFractionsGoesOnFromThere) {
  const Scenario refusing_at_first = [] {
    Scenario scenario = DefaultScenario();
    scenario.providers.front().refuse = {{.after_ms = 0, .for_ms = 33.3, .every_ms = 99.9}};
    return scenario;
  }();
  const auto mock = MockProvider::Start(refusing_at_first, {.frozen = true});
  ASSERT_TRUE(mock.ok()) << mock.status();
  const std::uint16_t port = (*mock)->port("mock");
  EXPECT_FALSE(RawClient(port).Connected());
  (*mock)->AdvanceClock(milliseconds(333));  // the end of the fourth window
  EXPECT_EQ(Ask(port, "m").bytes.substr(9, 3), "200");
}

}  // namespace
}  // namespace mock_provider
