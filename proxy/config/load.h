#ifndef ARBSTR_PROXY_CONFIG_LOAD_H_
#define ARBSTR_PROXY_CONFIG_LOAD_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "proxy/config/config.h"
#include "proxy/config/environment.h"

namespace arbstr::proxy {

// What is wrong with the files of tls_certificate and tls_key, and which of the two keys to say it at.
struct TlsMistake {
  const char* key;
  std::string what;
};
// Looks at files that a configuration names. A check that is absent finds nothing.
struct FileChecks {
  std::function<std::optional<TlsMistake>(const std::string& certificate, const std::string& key)> listener;
  std::function<std::optional<std::string>(const std::string& tls_ca_file)> ca_file;
};

// What a config file says, or everything that is wrong with it.
struct LoadResult {
  std::optional<Config> config;     // present exactly when there are no errors
  std::vector<std::string> errors;  // one line a mistake, in file order: "FILE:LINE:COLUMN: KEY: what"
  // Suspicious but valid settings; same format. Empty where there are errors.
  std::vector<std::string> warnings;
};

// Reads TOML text. Pure but for `checks` and `env`, which is asked for every ${VAR} and for the conventional
// variables of providers without an api_key. `file_name` is only quoted. No value of a variable or a key is
// ever quoted.
LoadResult LoadConfig(const std::string& toml_text, const std::string& file_name, const Environment& env,
                      const FileChecks& checks = {});

// The same for a file; one that cannot be read is an error.
LoadResult LoadConfigFile(const std::string& path, const Environment& env, const FileChecks& checks = {});

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CONFIG_LOAD_H_
