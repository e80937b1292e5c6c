#ifndef ARBSTR_MOCK_PROVIDER_JOURNAL_JOURNAL_JSON_H_
#define ARBSTR_MOCK_PROVIDER_JOURNAL_JOURNAL_JSON_H_

#include <cstdint>
#include <limits>
#include <string>

#include "mock_provider/journal/journal.h"

namespace mock_provider {

// The answer to GET /__admin/requests, see docs/mock_provider.md: {"requests": [ENTRY, …], "total": N}. An
// entry has the fields of JournalEntry but `relayed`, with `target` as "path". What is not known is null;
// without an "action" it was the provider's own normal reply. Headers are an object, the values of a repeated
// one joined by ", ".
std::string JournalJson(const JournalView& entries, std::uint64_t total);

// The same of a journal that others write to, in pieces that hold a few entries each, so that it takes little
// memory however long it is. It is about what was there when it began.
class JournalText {
 public:
  struct Selection {
    std::string provider{};   // empty: all of them
    std::uint64_t since = 0;  // entries after that seq
    std::uint64_t limit = std::numeric_limits<std::uint64_t>::max();
  };

  // The journal must outlive it.
  JournalText(const Journal& journal, Selection selection);

  // The next piece. Any thread may ask, one at a time.
  std::string Next();
  bool Finished() const { return finished_; }

 private:
  const Journal& journal_;
  const Selection selection_;
  Journal::Range range_;
  std::uint64_t found_ = 0;
  bool finished_ = false;
};

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_JOURNAL_JOURNAL_JSON_H_
