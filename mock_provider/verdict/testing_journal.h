// Journals written by hand, a line for each request.
#ifndef ARBSTR_MOCK_PROVIDER_VERDICT_TESTING_JOURNAL_H_
#define ARBSTR_MOCK_PROVIDER_VERDICT_TESTING_JOURNAL_H_

#include <string>
#include <utility>
#include <vector>

#include "mock_provider/journal/journal_entry.h"

namespace mock_provider::verdict::testing {

// The same POST for all, with an Idempotency-Key, that got this status from arrival to end.
inline JournalEntry Asked(double arrival_ms, double end_ms, int status) {
  JournalEntry entry;
  entry.provider = "mock";
  entry.method = "POST";
  entry.target = "/v1/chat/completions";
  entry.body = R"({"model":"m","messages":[{"role":"user","content":"hello"}]})";
  entry.headers = {{"idempotency-key", "one"}};
  entry.arrival_ms = arrival_ms;
  entry.first_byte_ms = entry.last_byte_ms = entry.end_ms = end_ms;
  entry.status = status;
  return entry;
}

inline JournalEntry With(JournalEntry entry, void (*change)(JournalEntry&)) {
  change(entry);
  return entry;
}

inline JournalEntry LeftByClient(JournalEntry entry) {
  return With(std::move(entry), [](JournalEntry& e) { e.closed_by = ClosedBy::kClient; });
}

inline JournalEntry StillOpen(JournalEntry entry) {
  return With(std::move(entry), [](JournalEntry& e) {
    e.end_ms.reset();
    e.first_byte_ms.reset();
    e.last_byte_ms.reset();
  });
}

inline JournalEntry WithBody(JournalEntry entry, std::string body) {
  entry.body = std::move(body);
  return entry;
}

inline JournalEntry WithRetryAfter(JournalEntry entry, std::int64_t ms) {
  entry.retry_after_ms = ms;
  return entry;
}

inline JournalEntry WithKey(JournalEntry entry, std::string key) {
  entry.headers = {};
  if (!key.empty()) entry.headers = {{"idempotency-key", std::move(key)}};
  return entry;
}

inline JournalEntry At(JournalEntry entry, std::string provider) {
  entry.provider = std::move(provider);
  return entry;
}

inline std::vector<JournalEntry> Numbered(std::vector<JournalEntry> entries) {
  for (std::size_t i = 0; i < entries.size(); ++i) entries[i].seq = i + 1;
  return entries;
}

}  // namespace mock_provider::verdict::testing

#endif  // ARBSTR_MOCK_PROVIDER_VERDICT_TESTING_JOURNAL_H_
