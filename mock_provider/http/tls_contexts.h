#ifndef ARBSTR_MOCK_PROVIDER_HTTP_TLS_CONTEXTS_H_
#define ARBSTR_MOCK_PROVIDER_HTTP_TLS_CONTEXTS_H_

#include <absl/status/statusor.h>

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "mock_provider/http/certificate_authority.h"

namespace mock_provider {

// TLS 1.2 or later, showing that certificate.
absl::StatusOr<std::shared_ptr<boost::asio::ssl::context>> ServerContext(const ServerIdentity& identity);

// TLS 1.2 or later, trusting the authorities in that PEM file; an empty name: the system's.
absl::StatusOr<std::shared_ptr<boost::asio::ssl::context>> ClientContext(const std::string& ca_file);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_HTTP_TLS_CONTEXTS_H_
