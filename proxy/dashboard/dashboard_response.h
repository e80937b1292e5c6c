// The dashboard's page and what it loads: static, the same for everybody. Its data come from the JSON routes.
#ifndef ARBSTR_PROXY_DASHBOARD_DASHBOARD_RESPONSE_H_
#define ARBSTR_PROXY_DASHBOARD_DASHBOARD_RESPONSE_H_

#include <optional>
#include <string_view>

#include "proxy/http/response.h"

namespace arbstr::proxy {

// Whether `path`, of a URL and without a query, is one of the dashboard's.
bool IsDashboardPath(std::string_view path);

// For such a path. 304 where the If-None-Match given names what there is; for the page's path with a slash
// too many, under which its relative links would lead astray, 308 to the right one.
Response DashboardResponse(std::string_view path, std::optional<std::string_view> if_none_match);

// RFC 9110 §13.1.2: whether the field `if_none_match`, a list of entity tags or "*", names `entity_tag`, a
// strong one. Weak ones (W/"…") count as their strong form.
bool NamesEntityTag(std::string_view if_none_match, std::string_view entity_tag);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_DASHBOARD_DASHBOARD_RESPONSE_H_
