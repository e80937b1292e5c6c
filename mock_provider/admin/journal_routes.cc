#include "mock_provider/admin/journal_routes.h"

#include <algorithm>
#include <string>
#include <vector>

#include "mock_provider/admin/admin_judge.h"
#include "mock_provider/admin/admin_query.h"

namespace mock_provider {
namespace {

// Those of the scenario, and those the journal remembers from earlier ones.
std::vector<std::string> PresentAndPastProviders(AdminTarget& target) {
  std::vector<std::string> names = target.ProviderNames();
  for (std::string& past : target.journal().Providers()) {
    if (std::find(names.begin(), names.end(), past) == names.end()) names.push_back(std::move(past));
  }
  return names;
}

HttpAnswer JsonOr(const absl::StatusOr<std::string>& body) {
  return body.ok() ? JsonAnswer(*body) : StatusAnswer(body.status());
}

}  // namespace

AdminAnswer GetRequests(AdminTarget& target, const HttpRequest& request) {
  auto selection = SelectionInQuery(QueryOf(request.target), PresentAndPastProviders(target));
  if (!selection.ok()) return StatusAnswer(selection.status());
  return {JsonAnswer(""), std::make_unique<JournalText>(target.journal(), *std::move(selection))};
}

AdminAnswer PostCount(AdminTarget& target, const HttpRequest& request) {
  return AdminAnswer(
      [&journal = target.journal(), names = PresentAndPastProviders(target), body = request.body] {
        return JsonOr(CountRequests(journal.Snapshot(), names, body));
      });
}

AdminAnswer PostVerify(AdminTarget& target, const HttpRequest& request) {
  return AdminAnswer(
      [&journal = target.journal(), names = PresentAndPastProviders(target), body = request.body] {
        const auto answer = VerifyRequests(journal.Snapshot(), names, body);
        return answer.ok() ? *answer : StatusAnswer(answer.status());
      });
}

AdminAnswer GetVerdict(AdminTarget& target, const HttpRequest& request) {
  const std::string query(QueryOf(request.target));
  return AdminAnswer([&journal = target.journal(), now_ms = target.clock().NowMs(), query] {
    return JsonOr(JudgeRequests(journal.Snapshot(), now_ms, query));
  });
}

}  // namespace mock_provider
