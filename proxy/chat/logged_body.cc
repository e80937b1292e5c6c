#include "proxy/chat/logged_body.h"

#include <algorithm>

namespace arbstr::proxy {

std::size_t LoggedBodyWindow(const std::vector<std::string>& secrets) {
  return kLoggedBodyBytes + LongestSecret(secrets);
}

std::string LoggedBody(std::string_view body, const std::vector<std::string>& secrets) {
  const size_t window = LoggedBodyWindow(secrets);
  std::string text = MaskedBeginning(body.substr(0, window), body.size() > window, secrets);
  text.resize(std::min(kLoggedBodyBytes, text.size()));
  return text;
}

}  // namespace arbstr::proxy
