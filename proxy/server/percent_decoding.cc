#include "proxy/server/percent_decoding.h"

#include <algorithm>
#include <charconv>

namespace arbstr::proxy {
namespace {

std::string FormDecoded(std::string_view text) {
  std::string spaced(text);
  std::ranges::replace(spaced, '+', ' ');
  return PercentDecoded(spaced);
}

}  // namespace

std::string PercentDecoded(std::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16).ptr == text.data() + i + 3) {
      decoded.push_back(static_cast<char>(value));
      i += 2;
    } else {
      decoded.push_back(text[i]);
    }
  }
  return decoded;
}

std::vector<std::pair<std::string, std::string>> QueryParameters(std::string_view target) {
  std::vector<std::pair<std::string, std::string>> parameters;
  target = target.substr(0, target.find('#'));
  const size_t mark = target.find('?');
  std::string_view query = mark == target.npos ? std::string_view() : target.substr(mark + 1);
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    if (pair.empty()) continue;
    const size_t equals = std::min(pair.find('='), pair.size());
    parameters.emplace_back(FormDecoded(pair.substr(0, equals)),
                            FormDecoded(pair.substr(std::min(equals + 1, pair.size()))));
  }
  return parameters;
}

}  // namespace arbstr::proxy
