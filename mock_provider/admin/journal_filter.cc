#include "mock_provider/admin/journal_filter.h"

#include "mock_provider/rules/chat_request.h"
#include "mock_provider/rules/match.h"
#include "mock_provider/scenario_file/parse_match.h"

namespace mock_provider {

JournalFilter ParseJournalFilter(ObjectReader& object, const std::vector<std::string>& providers,
                                 Mistakes& mistakes) {
  JournalFilter filter;
  if (const auto place = object.OneOf("provider", providers)) filter.provider = providers[*place];
  if (const nlohmann::ordered_json* match = object.Find("match"))
    filter.match = ParseMatch(*match, object.PathOf("match"), mistakes);
  return filter;
}

bool Fits(const JournalFilter& filter, const JournalEntry& entry) {
  if (filter.provider && *filter.provider != entry.provider) return false;
  const HttpRequest past{
      .method = entry.method, .target = entry.target, .headers = entry.headers, .body = entry.body};
  return Matches(filter.match, past, ReadChatRequest(entry.dialect, past));
}

JournalView Select(const JournalView& entries, const JournalFilter& filter) {
  JournalView selected;
  for (auto at = entries.begin(); at != entries.end(); ++at) {
    if (Fits(filter, *at)) selected.Add(at.shared());
  }
  return selected;
}

}  // namespace mock_provider
