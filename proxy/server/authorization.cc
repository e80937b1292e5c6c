#include "proxy/server/authorization.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>

#include "proxy/http/ascii.h"

namespace arbstr::proxy {

bool IsAuthorized(std::string_view authorization, const std::string& token) {
  constexpr std::string_view kScheme = "Bearer ";
  const std::string_view scheme = authorization.substr(0, kScheme.size());
  if (!EqualsIgnoringCase(scheme, kScheme)) return false;
  // More spaces than one may stand before it (RFC 9110 §11.6.2).
  const size_t begin = std::min(authorization.find_first_not_of(' ', kScheme.size()), authorization.size());
  const std::string_view given = authorization.substr(begin);
  // Digests are of one length, so that not even the token's length shows.
  unsigned char given_digest[SHA256_DIGEST_LENGTH], token_digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(given.data()), given.size(), given_digest);
  SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), token_digest);
  return CRYPTO_memcmp(given_digest, token_digest, sizeof given_digest) == 0;
}

}  // namespace arbstr::proxy
