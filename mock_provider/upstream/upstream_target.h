// A real provider behind the mock: where it is, which authorities to trust, and which key to send.
#ifndef ARBSTR_MOCK_PROVIDER_UPSTREAM_UPSTREAM_TARGET_H_
#define ARBSTR_MOCK_PROVIDER_UPSTREAM_UPSTREAM_TARGET_H_

#include <absl/status/statusor.h>

#include <memory>
#include <string>

#include "mock_provider/http/http_request.h"
#include "mock_provider/http/upstream_url.h"
#include "mock_provider/scenario/scenario.h"

namespace boost::asio::ssl {
class context;
}

namespace mock_provider {

struct UpstreamTarget {
  UpstreamUrl url{};
  std::shared_ptr<boost::asio::ssl::context> tls{};  // null: plain HTTP
  Dialect dialect = Dialect::kOpenAi;                // which header carries the key
  std::string key{};                                 // empty: the client's own goes through
};

// Reads the CA file and the environment. InvalidArgument names what is missing.
absl::StatusOr<std::shared_ptr<const UpstreamTarget>> MakeUpstreamTarget(const Upstream& upstream,
                                                                         Dialect dialect);

// The request as it goes to the provider, on a connection of its own: without what was meant for this hop
// alone, and asking for an answer that is not compressed.
std::string UpstreamRequestText(const UpstreamTarget& target, const HttpRequest& request);

// Whether a header is meant for one hop alone, or frames a body.
bool IsHopHeader(const std::string& lower_case_name);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_UPSTREAM_UPSTREAM_TARGET_H_
