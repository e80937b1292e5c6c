// One request to a real provider, on a connection of its own. It runs in real time, whatever the scenario's
// clock does.
#ifndef ARBSTR_MOCK_PROVIDER_UPSTREAM_UPSTREAM_CALL_H_
#define ARBSTR_MOCK_PROVIDER_UPSTREAM_UPSTREAM_CALL_H_

#include <absl/status/statusor.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mock_provider/http/http_request.h"
#include "mock_provider/upstream/upstream_target.h"

namespace mock_provider {

struct UpstreamHead {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers{};  // lower-case names; none of one hop alone
  std::optional<std::uint64_t> length{};                       // of the body, where it was announced
  bool events = false;                                         // server-sent events
};

class UpstreamCall {
 public:
  UpstreamCall(boost::asio::any_io_executor executor, std::shared_ptr<const UpstreamTarget> target);
  ~UpstreamCall();

  // Connects, asks, and reads the answer's head. Connecting may take 10 s, the head 5 minutes.
  boost::asio::awaitable<absl::StatusOr<UpstreamHead>> Ask(const HttpRequest& request);

  // The next bytes of the body, as they come; none at its end. An error where it was cut off before, or was
  // silent for 5 minutes.
  boost::asio::awaitable<absl::StatusOr<std::string>> Read();

  // Ends whatever is going on, with an error.
  void Cancel();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_UPSTREAM_UPSTREAM_CALL_H_
