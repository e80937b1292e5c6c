// How TLS says that a side's bytes end where it meant them to end (RFC 8446 §6.1).
#ifndef ARBSTR_PROXY_NET_CLOSE_NOTIFY_H_
#define ARBSTR_PROXY_NET_CLOSE_NOTIFY_H_

#include <openssl/types.h>

#include <string>

namespace arbstr::proxy {

// The record that ends our side, for the caller to send; nothing more may be written through `tls`, reading
// goes on. Empty before the handshake is done, and after an error. Asio's own shutdown waits for the peer's
// record as well, and a peer need not send one. No write may be in flight, or have been cut.
std::string CloseNotify(SSL* tls);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_NET_CLOSE_NOTIFY_H_
