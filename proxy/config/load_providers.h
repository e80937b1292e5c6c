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

// Says at `key` that these names of models are matched as they are, where one of them is a glob.
void RefuseGlobs(TomlSection& section, const char* key, const std::vector<std::string>& models);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CONFIG_LOAD_PROVIDERS_H_
