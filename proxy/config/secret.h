#ifndef ARBSTR_PROXY_CONFIG_SECRET_H_
#define ARBSTR_PROXY_CONFIG_SECRET_H_

#include <optional>
#include <string>
#include <vector>

namespace arbstr::proxy {

// What is wrong with a secret that goes into a header and was read as `text` at `key`, where the file names
// `variables` as ${VAR}. No part of `text` is quoted. One that is empty where the file names no variable was
// meant to be.
std::optional<std::string> SecretMistake(const std::string& text, const char* key,
                                         const std::vector<std::string>& variables);

// Whether no header's value can carry it (RFC 9110 §5.5).
bool HasControlCharacter(const std::string& text);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CONFIG_SECRET_H_
