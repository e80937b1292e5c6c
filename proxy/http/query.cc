#include "proxy/http/query.h"

#include <algorithm>

namespace arbstr::proxy {

std::vector<QueryParameter> SplitQuery(std::string_view query) {
  std::vector<QueryParameter> parameters;
  while (!query.empty()) {
    const std::string_view part = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(part.size() + 1, query.size()));
    QueryParameter& parameter = parameters.emplace_back();
    const size_t equals = part.find('=');
    parameter.name = part.substr(0, equals);
    if (equals != part.npos) parameter.value = part.substr(equals + 1);
  }
  return parameters;
}

}  // namespace arbstr::proxy
