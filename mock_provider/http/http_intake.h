// Reads one HTTP/1 request from a connection. Only what comes in goes through a parser; what goes out is raw
// bytes.
#ifndef ARBSTR_MOCK_PROVIDER_HTTP_HTTP_INTAKE_H_
#define ARBSTR_MOCK_PROVIDER_HTTP_HTTP_INTAKE_H_

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <cstdint>
#include <string>

#include "mock_provider/http/http_request.h"
#include "mock_provider/http/transport.h"

namespace mock_provider {

inline constexpr std::uint32_t kMaxHeadBytes = 64 << 10;
inline constexpr std::uint64_t kMaxBodyBytes = 64 << 20;

struct Intake {
  enum class Outcome {
    kRequest,
    kClosed,   // the peer left between two requests, or in the middle of one
    kRefused,  // not a request to be answered by a rule; `status` and `why` say what to tell the peer
  };
  Outcome outcome = Outcome::kClosed;
  int status = 400;
  std::string why{};
  HttpRequest request{};
};

// Waits for a whole request, its body included. What the peer sent beyond it stays in the buffer, to be given
// to the next call. Answers `Expect: 100-continue` by itself.
boost::asio::awaitable<Intake> ReadRequest(Transport& transport, boost::beast::flat_buffer& buffer);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_HTTP_HTTP_INTAKE_H_
