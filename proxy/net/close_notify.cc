#include "proxy/net/close_notify.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace arbstr::proxy {

std::string CloseNotify(SSL* tls) {
  if (SSL_is_init_finished(tls) != 1) return "";
  BIO* const record = BIO_new(BIO_s_mem());
  if (record == nullptr) return "";
  BIO* const usual = SSL_get_wbio(tls);
  BIO_up_ref(usual);
  BIO_up_ref(record);
  SSL_set0_wbio(tls, record);
  SSL_shutdown(tls);
  ERR_clear_error();
  SSL_set0_wbio(tls, usual);
  char* data = nullptr;
  const long size = BIO_get_mem_data(record, &data);
  std::string text = size > 0 ? std::string(data, static_cast<size_t>(size)) : "";
  BIO_free(record);
  return text;
}

}  // namespace arbstr::proxy
