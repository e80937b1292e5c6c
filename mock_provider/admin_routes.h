// The admin API, a request at a time:
//   PUT GET /__admin/scenario        POST /__admin/rules[?provider=NAME]   DELETE /__admin/rules/NAME
//   POST /__admin/reset              GET DELETE /__admin/requests          POST /__admin/requests/count
//   GET PUT /__admin/clock           GET /health
// A mistake is answered with 400 and {"error": TEXT, "mistakes": [LINE, …]}.
#ifndef ARBSTR_MOCK_PROVIDER_ADMIN_ROUTES_H_
#define ARBSTR_MOCK_PROVIDER_ADMIN_ROUTES_H_

#include <string>

#include "mock_provider/admin_target.h"
#include "mock_provider/http_answer.h"
#include "mock_provider/http_request.h"

namespace mock_provider {

HttpAnswer AnswerAdmin(AdminTarget& target, const HttpRequest& request);

// {"error": first line, "mistakes": [every line]}
HttpAnswer AdminError(int status, const std::string& text);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_ADMIN_ROUTES_H_
