// Any bytes on a connection are requests, each of which gets an answer, or are refused with a status.
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <utility>

#include "mock_provider/http/http_intake.h"
#include "mock_provider/http/transport.h"
#include "mock_provider/respond.h"
#include "mock_provider/rules/rate_limiter.h"
#include "mock_provider/rules/rule_engine.h"
#include "mock_provider/scenario/scenario.h"

namespace {

namespace asio = boost::asio;
using mock_provider::Intake;

void Answer(const mock_provider::HttpRequest& request) {
  const mock_provider::Scenario scenario = mock_provider::DefaultScenario();
  const mock_provider::Provider& provider = scenario.providers.front();
  mock_provider::RuleEngine rules(0, provider.name, {});
  mock_provider::RateLimiter limiter({.rpm = 1, .tpm = 10});
  for (int round = 0; round < 2; ++round) {
    const auto response = mock_provider::Respond(provider, rules, limiter, request, {});
    if (response.plan.ops().empty()) std::abort();
  }
}

asio::awaitable<void> Read(mock_provider::Transport& transport) {
  boost::beast::flat_buffer buffer;
  while (true) {
    const Intake intake = co_await mock_provider::ReadRequest(transport, buffer);
    if (intake.outcome == Intake::Outcome::kRefused && (intake.status < 400 || intake.why.empty()))
      std::abort();
    if (intake.outcome != Intake::Outcome::kRequest) co_return;
    Answer(intake.request);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0) std::abort();
  // What does not fit into the socket's buffer is left out: nobody reads meanwhile.
  if (size > 0 && ::send(ends[1], data, size, MSG_NOSIGNAL) < 0) size = 0;
  ::shutdown(ends[1], SHUT_WR);
  asio::io_context io;
  asio::ip::tcp::socket socket(io);
  socket.assign(asio::ip::tcp::v4(), ends[0]);
  {
    mock_provider::Transport transport(std::move(socket));
    asio::co_spawn(io, Read(transport), asio::detached);
    io.run();
  }
  ::close(ends[1]);
  return 0;
}
