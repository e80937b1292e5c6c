#ifndef ARBSTR_PROXY_UPSTREAM_SECRETS_H_
#define ARBSTR_PROXY_UPSTREAM_SECRETS_H_

#include <string>
#include <vector>

#include "proxy/config/config.h"

namespace arbstr::proxy {

// What a provider is told that nobody else may read, and that it may quote in an answer: its api_key of
// six bytes or more, its proxy's authorization, and of its headers and its URL's query what is named like a
// credential and not too short for one. What stands in the query encoded is there decoded too, and the other
// way round. Longest first.
std::vector<std::string> SecretsOf(const ProviderConfig& provider);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_UPSTREAM_SECRETS_H_
