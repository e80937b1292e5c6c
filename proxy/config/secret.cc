#include "proxy/config/secret.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

namespace arbstr::proxy {
namespace {

// $NAME, as shells write it.
bool IsBareVariable(const std::string& text) {
  return text.size() > 1 && text[0] == '$' && !std::isdigit(static_cast<unsigned char>(text[1])) &&
         std::all_of(text.begin() + 1, text.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
}

}  // namespace

bool HasControlCharacter(const std::string& text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::optional<std::string> SecretMistake(const std::string& text, const char* key,
                                         const std::vector<std::string>& variables) {
  const std::string from =
      variables.empty() ? "" : fmt::format("the environment variable {} ", fmt::join(variables, ", "));
  if (HasControlCharacter(text)) return from + "has a control character, such as a line end";
  if (text.empty() && !variables.empty()) {
    return from + fmt::format("is empty: set it, or leave {} out where none is needed", key);
  }
  if (!text.empty() && text.find_first_not_of(' ') == text.npos) return from + "has nothing but spaces";
  if (variables.empty() && IsBareVariable(text)) {
    return "a variable's name needs braces, ${NAME}; a secret that looks like one goes into a variable";
  }
  return std::nullopt;
}

}  // namespace arbstr::proxy
