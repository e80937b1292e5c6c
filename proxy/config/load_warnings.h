#ifndef ARBSTR_PROXY_CONFIG_LOAD_WARNINGS_H_
#define ARBSTR_PROXY_CONFIG_LOAD_WARNINGS_H_

#include "proxy/config/config.h"
#include "proxy/config/toml_section.h"

namespace arbstr::proxy {

// Adds to the mistakes of `file` what is no mistake, and yet hardly meant, in the `config` that was read of
// it.
void WarnOf(TomlSection file, const Config& config);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CONFIG_LOAD_WARNINGS_H_
