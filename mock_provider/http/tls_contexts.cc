#include "mock_provider/http/tls_contexts.h"

#include <fmt/format.h>

#include <boost/asio/buffer.hpp>

namespace mock_provider {
namespace {

namespace asio = boost::asio;
using asio::ssl::context;
using boost::system::error_code;

std::shared_ptr<context> NewContext(context::method method) {
  auto made = std::make_shared<context>(method);
  made->set_options(context::default_workarounds | context::no_tlsv1 | context::no_tlsv1_1);
  return made;
}

}  // namespace

absl::StatusOr<std::shared_ptr<context>> ServerContext(const ServerIdentity& identity) {
  auto made = NewContext(context::tls_server);
  error_code error;
  made->use_certificate(asio::buffer(identity.certificate), context::pem, error);
  if (!error) made->use_private_key(asio::buffer(identity.key), context::pem, error);
  if (error) return absl::InternalError("TLS: " + error.message());
  return made;
}

absl::StatusOr<std::shared_ptr<context>> ClientContext(const std::string& ca_file) {
  auto made = NewContext(context::tls_client);
  error_code error;
  if (ca_file.empty()) {
    made->set_default_verify_paths(error);
  } else {
    made->load_verify_file(ca_file, error);
  }
  if (error) return absl::InvalidArgumentError(fmt::format("{}: {}", ca_file, error.message()));
  return made;
}

}  // namespace mock_provider
