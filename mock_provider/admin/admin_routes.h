// The admin API, a request at a time:
//   GET PUT /__admin/scenario                    POST /__admin/rules[?provider=NAME]
//   GET PUT /__admin/clock                       DELETE /__admin/rules/NAME[?provider=NAME]
//   GET /__admin/requests[?provider=NAME&since=SEQ&limit=N]
//                                                POST /__admin/requests/count
//   DELETE /__admin/requests                     POST /__admin/verify
//   GET /__admin/verdict[?THRESHOLD=N&...]       POST /__admin/reset
//   GET /metrics                                 GET /health
// A mistake is answered with 400 and {"error": TEXT, "mistakes": [LINE, …]}.
#ifndef ARBSTR_MOCK_PROVIDER_ADMIN_ADMIN_ROUTES_H_
#define ARBSTR_MOCK_PROVIDER_ADMIN_ADMIN_ROUTES_H_

#include "mock_provider/admin/admin_answer.h"
#include "mock_provider/admin/admin_target.h"
#include "mock_provider/http/http_request.h"

namespace mock_provider {

AdminAnswer AnswerAdmin(AdminTarget& target, const HttpRequest& request);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_ADMIN_ADMIN_ROUTES_H_
