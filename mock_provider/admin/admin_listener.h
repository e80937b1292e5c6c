// The admin API's own port. It is never faulted.
#ifndef ARBSTR_MOCK_PROVIDER_ADMIN_ADMIN_LISTENER_H_
#define ARBSTR_MOCK_PROVIDER_ADMIN_ADMIN_LISTENER_H_

#include <absl/status/status.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <set>
#include <string>
#include <type_traits>

#include "mock_provider/admin/admin_answer.h"
#include "mock_provider/admin/admin_target.h"
#include "mock_provider/http/tcp_port.h"
#include "mock_provider/http/transport.h"

namespace mock_provider {

class AdminListener : public std::enable_shared_from_this<AdminListener> {
 public:
  AdminListener(boost::asio::any_io_executor executor, AdminTarget& target);

  // Binds to HOST:PORT and begins to accept.
  absl::Status Open(const std::string& listen);
  void Stop();

  std::uint16_t port() const { return port_.endpoint().port(); }
  std::string Url() const;

 private:
  using Client = std::shared_ptr<Transport>;

  void Begin(boost::asio::ip::tcp::socket socket);
  boost::asio::awaitable<void> Serve(Client client);
  boost::asio::awaitable<bool> SendWhole(Transport& client, const HttpAnswer& answer, bool only_head);
  boost::asio::awaitable<bool> SendJournal(Transport& client, HttpAnswer& answer, JournalText& journal);
  boost::asio::awaitable<std::string> NextPiece(JournalText& journal);
  template <typename Make>
  boost::asio::awaitable<std::invoke_result_t<Make>> OnWorker(Make make);

  AdminTarget& target_;
  const boost::asio::any_io_executor executor_;
  TcpPort port_;
  std::set<Client> clients_;
  boost::asio::thread_pool worker_{1};
};

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_ADMIN_ADMIN_LISTENER_H_
