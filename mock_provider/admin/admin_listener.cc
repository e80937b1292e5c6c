#include "mock_provider/admin/admin_listener.h"

#include <fmt/format.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <exception>
#include <type_traits>
#include <utility>
#include <vector>

#include "mock_provider/admin/admin_routes.h"
#include "mock_provider/http/http_answer.h"
#include "mock_provider/http/http_intake.h"
#include "mock_provider/http/listen_address.h"

namespace mock_provider {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr auto kUseTuple = asio::as_tuple(asio::use_awaitable);

template <typename Make>
asio::awaitable<std::invoke_result_t<Make>> Called(Make make) {
  co_return make();
}

asio::awaitable<bool> Write(Transport& client, const std::string& bytes) {
  const auto [error, written] = co_await asio::async_write(client, asio::buffer(bytes), kUseTuple);
  co_return !error;
}

}  // namespace

AdminListener::AdminListener(asio::any_io_executor executor, AdminTarget& target)
    : target_(target),
      executor_(std::move(executor)),
      port_(executor_, [this](tcp::socket socket) { Begin(std::move(socket)); }) {}

absl::Status AdminListener::Open(const std::string& listen) {
  const auto address = ParseListenAddress(listen);
  if (!address.ok()) return address.status();
  error_code error = port_.Bind(*address);
  if (!error) error = port_.Listen();
  if (!error) return absl::OkStatus();
  return absl::UnavailableError(fmt::format("admin: cannot listen on {}: {}", listen, error.message()));
}

void AdminListener::Stop() {
  port_.Close();
  error_code ignored;
  for (const Client& client : clients_) client->socket().close(ignored);
}

std::string AdminListener::Url() const { return "http://" + port_.HostAndPort(); }

void AdminListener::Begin(tcp::socket socket) {
  const auto client = std::make_shared<Transport>(std::move(socket));
  clients_.insert(client);
  asio::co_spawn(executor_, Serve(client), [self = shared_from_this(), client](const std::exception_ptr&) {
    self->clients_.erase(client);
  });
}

// What takes long there keeps no provider waiting.
template <typename Make>
asio::awaitable<std::invoke_result_t<Make>> AdminListener::OnWorker(Make make) {
  asio::awaitable<std::invoke_result_t<Make>> call = Called(std::move(make));
  co_return co_await asio::co_spawn(worker_, std::move(call), asio::use_awaitable);
}

asio::awaitable<std::string> AdminListener::NextPiece(JournalText& journal) {
  const auto next = [&journal] { return journal.Next(); };
  co_return co_await OnWorker(next);
}

asio::awaitable<bool> AdminListener::SendWhole(Transport& client, const HttpAnswer& answer, bool only_head) {
  std::string bytes = HeadWithLength(answer);
  if (!only_head) bytes += answer.body;
  co_return co_await Write(client, bytes);
}

asio::awaitable<bool> AdminListener::SendJournal(Transport& client, HttpAnswer& answer,
                                                 JournalText& journal) {
  std::string piece = co_await NextPiece(journal);
  if (journal.Finished()) {
    answer.body = std::move(piece);
    co_return co_await SendWhole(client, answer, false);
  }
  std::vector<std::string> framing;
  if (answer.http10) {
    answer.keep_alive = false;
  } else {
    framing.emplace_back("Transfer-Encoding: chunked");
  }
  const std::string head = Head(answer, framing);
  bool going = co_await Write(client, head);
  while (going) {
    if (!answer.http10) piece = Chunk(piece);
    going = co_await Write(client, piece);
    if (!going || journal.Finished()) break;
    piece = co_await NextPiece(journal);
  }
  if (!going || answer.http10) co_return going;
  const std::string last(kLastChunk);
  co_return co_await Write(client, last);
}

asio::awaitable<void> AdminListener::Serve(Client client) {
  error_code ignored;
  client->socket().set_option(tcp::no_delay(true), ignored);
  client->socket().non_blocking(true, ignored);
  boost::beast::flat_buffer buffer;
  while (true) {
    const Intake intake = co_await ReadRequest(*client, buffer);
    if (intake.outcome == Intake::Outcome::kClosed) break;
    const bool understood = intake.outcome == Intake::Outcome::kRequest;
    AdminAnswer answer = AdminError(intake.status, intake.why);
    if (understood) answer = AnswerAdmin(target_, intake.request);
    if (answer.make) answer.answer = co_await OnWorker(std::move(answer.make));
    answer.answer.http10 = intake.request.http10;
    answer.answer.keep_alive = understood && intake.request.keep_alive;
    bool going = false;
    if (answer.journal) {
      going = co_await SendJournal(*client, answer.answer, *answer.journal);
    } else {
      going = co_await SendWhole(*client, answer.answer, intake.request.method == "HEAD");
    }
    if (!going) break;
    if (!understood) co_await client->LingerAndDrain();
    if (!answer.answer.keep_alive) break;
  }
  co_await client->CloseGracefully();
}

}  // namespace mock_provider
