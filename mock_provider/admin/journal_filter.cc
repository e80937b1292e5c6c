#include "mock_provider/admin/journal_filter.h"

#include <algorithm>
#include <iterator>

#include "mock_provider/rules/chat_request.h"
#include "mock_provider/rules/match.h"
#include "mock_provider/scenario_file/parse_match.h"

namespace mock_provider {

JournalFilter ParseJournalFilter(ObjectReader& object, const std::vector<std::string>& providers,
                                 Mistakes& mistakes) {
  JournalFilter filter;
  if (const auto place = object.OneOf("provider", providers)) filter.provider = providers[*place];
  if (const nlohmann::json* match = object.Find("match"))
    filter.match = ParseMatch(*match, object.PathOf("match"), mistakes);
  return filter;
}

bool Fits(const JournalFilter& filter, const JournalEntry& entry) {
  if (filter.provider && *filter.provider != entry.provider) return false;
  const HttpRequest past{
      .method = entry.method, .target = entry.target, .headers = entry.headers, .body = entry.body};
  return Matches(filter.match, past, ReadChatRequest(past.body));
}

std::vector<JournalEntry> Select(const std::vector<JournalEntry>& entries, const JournalFilter& filter) {
  std::vector<JournalEntry> selected;
  std::copy_if(entries.begin(), entries.end(), std::back_inserter(selected),
               [&](const JournalEntry& entry) { return Fits(filter, entry); });
  return selected;
}

}  // namespace mock_provider
