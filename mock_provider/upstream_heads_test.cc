// Answers of a real provider that another mock cannot give: a server of raw bytes stands for it.
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <cmath>
#include <ctime>
#include <functional>
#include <string>
#include <thread>

#include "mock_provider/mock_provider.h"
#include "mock_provider/testing_raw_client.h"

namespace mock_provider {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using testing::Ending;
using testing::RawClient;
using testing::Received;

// Takes one request and says what it then thinks of, then FIN.
class RawProvider {
 public:
  explicit RawProvider(std::function<std::string()> answer)
      : acceptor_(io_, tcp::endpoint(asio::ip::make_address("127.0.0.1"), 0)),
        port_(acceptor_.local_endpoint().port()),
        thread_([this, answer = std::move(answer)] {
          boost::system::error_code ignored;
          tcp::socket socket(io_);
          acceptor_.accept(socket, ignored);
          std::string request;
          asio::read_until(socket, asio::dynamic_buffer(request), "\r\n\r\n", ignored);
          asio::write(socket, asio::buffer(answer()), ignored);
        }) {}
  ~RawProvider() { thread_.join(); }

  std::uint16_t port() const { return port_; }

 private:
  asio::io_context io_;
  tcp::acceptor acceptor_;
  std::uint16_t port_;
  std::thread thread_;
};

// What a client gets that asks, through the proxy, for this and then for something that the proxy knows
// itself.
std::string Relayed(const std::string& method, const std::string& answer) {
  const RawProvider provider([=] { return answer; });
  const auto proxy = MockProvider::StartJson(
      R"({"providers":[{"name":"p","upstream":"http://127.0.0.1:)" + std::to_string(provider.port()) +
      R"(","rules":[{"match":{"path":"/own"},"script":[{"error":418}]}]}]})");
  EXPECT_TRUE(proxy.ok()) << proxy.status();
  RawClient client((*proxy)->port("p"));
  client.Send(method +
              " /v1/models HTTP/1.1\r\nHost: m\r\n\r\nGET /own HTTP/1.1\r\nConnection: close\r\n\r\n");
  const Received received = client.ReadToEnd();
  EXPECT_EQ(received.ending, Ending::kFin);
  EXPECT_TRUE((*proxy)->Journal().at(0).end_ms) << answer;
  EXPECT_FALSE((*proxy)->Journal().at(0).closed_by) << answer;
  return received.bytes.substr(0, received.bytes.find("HTTP/1.1 418"));
}

TEST(UpstreamHeads, TheAnswerIsTheOneThatOthersOnlyAnnounce) {
  EXPECT_EQ(Relayed("GET",
                    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n"
                    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
}

TEST(UpstreamHeads, AnAnswerToHeadIsItsHeadAloneHoweverTheBodyWouldHaveBeenFramed) {
  EXPECT_EQ(Relayed("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n"),
            "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n");
  EXPECT_EQ(Relayed("HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
}

TEST(UpstreamHeads, AnAnswerWithoutABodyIsWholeWithItsHead) {
  for (const std::string head :
       {"HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"})
    EXPECT_EQ(Relayed("GET", head), head);
}

TEST(UpstreamHeads, ABodyThatEndsWithTheConnectionIsWhole) {
  EXPECT_EQ(Relayed("GET", "HTTP/1.1 200 OK\r\n\r\nhello"),
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
}

double UnixMs() {
  return std::chrono::duration<double, std::milli>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

TEST(UpstreamHeads, AWaitUntilADateIsCountedFromTheAnswerAndNotFromTheRequest) {
  const auto date = static_cast<std::time_t>(UnixMs() / 1000) + 3600;
  char text[64];
  std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", std::gmtime(&date));
  for (const char* action : {R"({"frames":{"omit_done":true}})", R"({"fault":"close_mid_body"})"}) {
    double answered = 0;
    {
      const RawProvider provider([&] {
        const double asked = UnixMs();
        while (answered < asked + 20) answered = UnixMs();
        return "HTTP/1.1 503 x\r\nRetry-After: " + std::string(text) + "\r\nContent-Length: 2\r\n\r\nno";
      });
      const auto proxy = MockProvider::StartJson(
          R"({"providers":[{"name":"p","upstream":"http://127.0.0.1:)" + std::to_string(provider.port()) +
          R"(","rules":[{"script":[)" + action + "]}]}]}");
      ASSERT_TRUE(proxy.ok()) << proxy.status();
      testing::Ask((*proxy)->port("p"), "m");
      const JournalEntry entry = (*proxy)->Journal().at(0);
      ASSERT_TRUE(entry.retry_after_ms) << action;
      const auto at_most = static_cast<std::int64_t>(std::ceil(static_cast<double>(date) * 1000 - answered));
      EXPECT_LE(*entry.retry_after_ms, at_most) << action;
      EXPECT_GT(*entry.retry_after_ms, at_most - 60'000) << action;
    }
  }
}

}  // namespace
}  // namespace mock_provider
