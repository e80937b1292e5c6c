#include "proxy/chat/logged_body.h"

#include <algorithm>

#include "proxy/chat/completion.h"

namespace arbstr::proxy {
namespace {

// A character as JSON may escape it: \u0041.
constexpr std::size_t kLongestEscape = 6;

std::size_t LongestSecret(const std::vector<std::string>& secrets) {
  return secrets.empty() ? 0 : kLongestEscape * secrets.front().size();
}

}  // namespace

std::vector<std::string> SortedSecrets(std::vector<std::string> secrets) {
  std::erase(secrets, "");
  std::ranges::sort(secrets, std::ranges::greater(), &std::string::size);
  return secrets;
}

std::size_t LoggedBodyWindow(const std::vector<std::string>& secrets) {
  return kLoggedBodyBytes + LongestSecret(secrets);
}

std::string LoggedBody(std::string_view body, const std::vector<std::string>& secrets) {
  const std::size_t window = LoggedBodyWindow(secrets);
  std::string text(body.substr(0, window));
  for (const std::string& secret : secrets) text = MaskSecret(text, secret);
  // The end of a window that does not reach the body's end may be half a secret.
  const std::size_t sure =
      body.size() > window ? text.size() - std::min(text.size(), LongestSecret(secrets)) : text.size();
  text.resize(std::min(kLoggedBodyBytes, sure));
  return text;
}

}  // namespace arbstr::proxy
