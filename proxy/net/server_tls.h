// What a TLS listener shows its clients: a certificate with its key, and the terms.
#ifndef ARBSTR_PROXY_NET_SERVER_TLS_H_
#define ARBSTR_PROXY_NET_SERVER_TLS_H_

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "proxy/net/task.h"

namespace arbstr::proxy {

struct ServerTls {
  enum class File { kCertificate, kKey };

  std::shared_ptr<asio::ssl::context> context;  // null: there is a mistake
  File at = File::kCertificate;                 // the file that it is in
  std::string mistake;                          // names the file; holds nothing of its content
};

// TLS 1.2 and later with forward secrecy, HTTP/1.1 where a client names protocols, neither compression nor
// renegotiation. `certificate_file`: PEM, the server's certificate first, its chain behind it. `key_file`:
// PEM, not encrypted. Reads both: blocks.
ServerTls MakeServerTls(const std::string& certificate_file, const std::string& key_file);

// The handshake failed because the client spoke plain HTTP.
bool IsPlainHttp(const ErrorCode& handshake_error);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_NET_SERVER_TLS_H_
