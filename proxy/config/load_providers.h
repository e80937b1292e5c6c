#ifndef ARBSTR_PROXY_CONFIG_LOAD_PROVIDERS_H_
#define ARBSTR_PROXY_CONFIG_LOAD_PROVIDERS_H_

#include <string>
#include <vector>

#include "proxy/config/config.h"
#include "proxy/config/load.h"
#include "proxy/config/toml_section.h"

namespace arbstr::proxy {

// Reads [[providers]] of the file, keys from the environment included; at least one is needed.
void ReadProviders(TomlSection& file, const Environment& env, const FileChecks& checks,
                   std::vector<ProviderConfig>& providers);

// Whether no header's value can carry it (RFC 9110 §5.5).
bool HasControlCharacter(const std::string& text);

// The environment variable that holds a provider's key where the file has none: ARBSTR_<NAME>_API_KEY.
std::string KeyVariable(const std::string& provider_name);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CONFIG_LOAD_PROVIDERS_H_
