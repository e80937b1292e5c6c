#ifndef ARBSTR_PROXY_HTTP_JSON_TEXT_H_
#define ARBSTR_PROXY_HTTP_JSON_TEXT_H_

#include <nlohmann/json.hpp>
#include <string>

namespace arbstr::proxy {

// On one line. What is not UTF-8 in it, since clients, providers and the environment say what they like, is
// replaced by U+FFFD instead of thrown at.
template <typename Json>
std::string JsonText(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_HTTP_JSON_TEXT_H_
