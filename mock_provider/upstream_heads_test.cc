// Answers of a real provider that another mock cannot give: a server of raw bytes stands for it.
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
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

// Takes one request and says these bytes, then FIN.
class RawProvider {
 public:
  explicit RawProvider(std::string answer)
      : acceptor_(io_, tcp::endpoint(asio::ip::make_address("127.0.0.1"), 0)),
        port_(acceptor_.local_endpoint().port()),
        thread_([this, answer = std::move(answer)] {
          boost::system::error_code ignored;
          tcp::socket socket(io_);
          acceptor_.accept(socket, ignored);
          std::string request;
          asio::read_until(socket, asio::dynamic_buffer(request), "\r\n\r\n", ignored);
          asio::write(socket, asio::buffer(answer), ignored);
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
  const RawProvider provider(answer);
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

}  // namespace
}  // namespace mock_provider
