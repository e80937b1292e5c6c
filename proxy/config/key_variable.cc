#include "proxy/config/key_variable.h"

#include <cctype>

namespace arbstr::proxy {

std::string KeyVariable(const std::string& provider_name) {
  std::string variable = "ARBSTR_";
  for (const char c : provider_name) {
    const char upper = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    variable.push_back((upper >= 'A' && upper <= 'Z') || (upper >= '0' && upper <= '9') ? upper : '_');
  }
  return variable + "_API_KEY";
}

}  // namespace arbstr::proxy
