// The admin API's routes that read the journal.
#ifndef ARBSTR_MOCK_PROVIDER_ADMIN_JOURNAL_ROUTES_H_
#define ARBSTR_MOCK_PROVIDER_ADMIN_JOURNAL_ROUTES_H_

#include "mock_provider/admin/admin_answer.h"
#include "mock_provider/admin/admin_target.h"
#include "mock_provider/http/http_request.h"

namespace mock_provider {

AdminAnswer GetRequests(AdminTarget& target, const HttpRequest& request);
AdminAnswer PostCount(AdminTarget& target, const HttpRequest& request);
AdminAnswer PostVerify(AdminTarget& target, const HttpRequest& request);
AdminAnswer GetVerdict(AdminTarget& target, const HttpRequest& request);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_ADMIN_JOURNAL_ROUTES_H_
