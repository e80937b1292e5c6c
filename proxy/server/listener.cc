#include "proxy/server/listener.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <exception>
#include <string>
#include <utility>

#include "proxy/http/api_error.h"
#include "proxy/net/byte_stream.h"
#include "proxy/net/event.h"
#include "proxy/net/keep_alive.h"
#include "proxy/net/now_and_then.h"
#include "proxy/server/logged_failure.h"
#include "proxy/server/session.h"
#include "proxy/server/uuid7.h"

namespace arbstr::proxy {
namespace {

using asio::ip::tcp;

constexpr int kBacklog = 4096;
// How long accepting pauses when it failed: mostly, the machine has no descriptor left.
constexpr std::chrono::milliseconds kAcceptPause{50};

absl::Status Failed(const ListenAddress& address, const ErrorCode& error) {
  return absl::UnavailableError(fmt::format("cannot listen on {}: {}", ToString(address), error.message()));
}

// A connection too many holds a descriptor while it is told so: only so many at a time, and not for long.
constexpr size_t kMaxTurnedAway = 64;
constexpr std::chrono::seconds kTurnAwayTime{1};
constexpr size_t kTurnAwayBytes = 1 << 20;

// One of those, for as long as it is there.
class TurnedAway {
 public:
  explicit TurnedAway(size_t& count) : count_(count) { ++count_; }
  ~TurnedAway() { --count_; }
  TurnedAway(const TurnedAway&) = delete;
  TurnedAway& operator=(const TurnedAway&) = delete;

 private:
  size_t& count_;
};

std::string TooManyConnections(Worker& worker) {
  const Response response = ErrorResponse(
      {503, "too_many_connections",
       "The gateway has no connection left: try again later, or raise server.max_connections.", ""});
  worker.metrics.responses.At({kUnknownRoute, response.status}).Add();
  const std::string id = MakeUuid7(worker.clock.TimeOfDay(), worker.random());
  return FormatHead(503, response.fields, id, Framing::kContentLength, response.body.size(), true) +
         response.body;
}

}  // namespace

absl::StatusOr<ListeningSocket> Listen(const ListenAddress& address) {
  asio::io_context context;
  ErrorCode error;
  tcp::resolver resolver(context);
  const auto found = resolver.resolve(address.host, std::to_string(address.port),
                                      tcp::resolver::passive | tcp::resolver::numeric_service, error);
  if (error || found.empty()) return Failed(address, error ? error : asio::error::host_not_found);
  const tcp::endpoint endpoint = found.begin()->endpoint();
  tcp::acceptor acceptor(context);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) KeepAlive(acceptor.native_handle());
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(kBacklog, error);
  if (error) return Failed(address, error);
  const tcp::endpoint bound = acceptor.local_endpoint();
  return ListeningSocket{acceptor.release(), bound};
}

absl::StatusOr<std::shared_ptr<Listener>> Listener::Open(Worker& worker, const ListeningSocket& socket) {
  const int own = ::fcntl(socket.descriptor, F_DUPFD_CLOEXEC, 0);
  if (own < 0) return absl::ErrnoToStatus(errno, "cannot listen with one more event loop");
  Acceptor acceptor(worker.loop.get_executor());
  ErrorCode error;
  acceptor.assign(socket.endpoint.protocol(), own, error);
  if (error) {
    ::close(own);
    return absl::UnavailableError("cannot listen with one more event loop: " + error.message());
  }
  return std::shared_ptr<Listener>(new Listener(worker, std::move(acceptor)));
}

void Listener::Start() {
  Spawn(worker_.loop.get_executor(), AcceptAll(shared_from_this()), {},
        LoggedFailure("accepting connections"));
}

void Listener::Close() {
  ErrorCode error;
  acceptor_.non_blocking(true, error);
  for (int left = kBacklog; left > 0 && !error; --left) {
    Socket socket(worker_.loop.get_executor());
    acceptor_.accept(socket, error);
    if (!error) TakeOrDrop(std::move(socket));
    if (error == asio::error::connection_aborted) error.clear();  // by its client, in the queue
  }
  acceptor_.close(error);
}

// Says so, then reads what the client sends, since a close before that could reset the answer away.
Task<> Listener::TurnAway(std::shared_ptr<Listener> self, Socket accepted) {
  const TurnedAway counted(self->turned_away_);
  const std::string text = TooManyConnections(self->worker_);
  ByteStream socket(std::move(accepted));
  Deadline over(self->worker_.wheel, [&] { socket.Close(); });
  over.ArmAfter(kTurnAwayTime);
  if (const auto tls = self->worker_.setup->shared->tls) {
    co_await socket.StartTls(*tls).async_handshake(asio::ssl::stream_base::server, kUseTask);
  }
  co_await asio::async_write(socket, asio::buffer(text), kUseTask);
  socket.ShutdownSend();
  std::array<char, 4096> dropped;
  for (size_t total = 0; total < kTurnAwayBytes;) {
    const auto [error, bytes] = co_await socket.async_read_some(asio::buffer(dropped), kUseTask);
    if (error) break;
    total += bytes;
  }
}

void Listener::Take(Socket accepted) {
  if (worker_.gateway.connections.load() < worker_.gateway.config.server.max_connections) {
    ErrorCode ignored;
    accepted.set_option(tcp::no_delay(true), ignored);
    std::make_shared<Session>(worker_, ByteStream(std::move(accepted)))->Start();
    return;
  }
  if (full_.IsDue(worker_.clock.Now())) {
    spdlog::warn("connections are refused: there are {} (server.max_connections)",
                 worker_.gateway.config.server.max_connections);
  }
  if (turned_away_ < kMaxTurnedAway) {
    Spawn(worker_.loop.get_executor(), TurnAway(shared_from_this(), std::move(accepted)), {},
          LoggedFailure("a connection too many"));
  }
}

void Listener::TakeOrDrop(Socket accepted) {
  try {
    Take(std::move(accepted));
  } catch (const std::exception& failure) {
    spdlog::error("an accepted connection was dropped: {}", failure.what());
  }
}

Task<> Listener::AcceptAll(std::shared_ptr<Listener> self) {
  Worker& worker = self->worker_;
  Acceptor& acceptor = self->acceptor_;
  Event pause_over(worker.loop.get_executor());
  Deadline pause(worker.wheel, [&] { pause_over.Notify(); });
  NowAndThen failing;
  while (acceptor.is_open()) {
    Socket socket(worker.loop.get_executor());
    const auto [error] = co_await acceptor.async_accept(socket, kUseTask);
    if (error == asio::error::operation_aborted) break;
    if (error == asio::error::connection_aborted) continue;  // by its client, in the queue
    if (error) {
      if (!acceptor.is_open()) break;
      // Where descriptors are short one comes free now and then, and the next is missing again.
      if (failing.IsDue(worker.clock.Now())) spdlog::warn("cannot accept connections: {}", error.message());
      pause.ArmAfter(kAcceptPause);
      co_await pause_over.Wait();
      continue;
    }
    self->TakeOrDrop(std::move(socket));
  }
}

}  // namespace arbstr::proxy
