#ifndef ARBSTR_PROXY_HTTP_QUERY_H_
#define ARBSTR_PROXY_HTTP_QUERY_H_

#include <optional>
#include <string_view>
#include <vector>

namespace arbstr::proxy {

struct QueryParameter {
  std::string_view name;
  std::optional<std::string_view> value;  // absent: there is no '='
};

// The parts of a query between '&', as they stand there: nothing is decoded, and none is left out that is
// empty, but for one at the end.
std::vector<QueryParameter> SplitQuery(std::string_view query);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_HTTP_QUERY_H_
