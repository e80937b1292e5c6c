#include "mock_provider/journal/journal_json.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "mock_provider/scenario_file/dialect_name.h"
#include "mock_provider/scenario_file/write_action.h"

namespace mock_provider {
namespace {

using nlohmann::ordered_json;

// Of one piece of a long journal.
constexpr std::size_t kPieceEntries = 256;
constexpr std::size_t kPieceBytes = 256 << 10;

template <typename T>
ordered_json OrNull(const std::optional<T>& value) {
  return value ? ordered_json(*value) : ordered_json(nullptr);
}

ordered_json HeadersJson(const JournalEntry& entry) {
  ordered_json headers = ordered_json::object();
  for (const auto& [name, value] : entry.headers) {
    if (headers.contains(name)) {
      headers[name] = headers[name].get<std::string>() + ", " + value;
    } else {
      headers[name] = value;
    }
  }
  return headers;
}

ordered_json EntryJson(const JournalEntry& entry) {
  ordered_json closed_by = nullptr;
  if (entry.closed_by) closed_by = *entry.closed_by == ClosedBy::kClient ? "client" : "server";
  ordered_json json = {{"seq", entry.seq},
                       {"provider", entry.provider},
                       {"dialect", DialectName(entry.dialect)},
                       {"connection", entry.connection},
                       {"arrival_ms", entry.arrival_ms},
                       {"first_byte_ms", OrNull(entry.first_byte_ms)},
                       {"last_byte_ms", OrNull(entry.last_byte_ms)},
                       {"end_ms", OrNull(entry.end_ms)},
                       {"method", entry.method},
                       {"path", entry.target},
                       {"model", entry.model},
                       {"stream", entry.stream},
                       {"rule", OrNull(entry.hit.rule)},
                       {"step", OrNull(entry.hit.step)},
                       {"n", OrNull(entry.hit.n)},
                       {"draw", OrNull(entry.hit.draw)},
                       {"status", entry.status == 0 ? ordered_json(nullptr) : ordered_json(entry.status)},
                       {"retry_after_ms", OrNull(entry.retry_after_ms)},
                       {"should_retry", OrNull(entry.should_retry)},
                       {"broken", entry.broken},
                       {"silence_ms", entry.silence_ms},
                       {"bytes", entry.bytes},
                       {"closed_by", closed_by},
                       {"headers", HeadersJson(entry)},
                       {"body", entry.body}};
  if (entry.action) json["action"] = ActionJson(*entry.action);
  return json;
}

// A body need not be UTF-8; what is not shows as U+FFFD.
std::string EntryText(const JournalEntry& entry) {
  return EntryJson(entry).dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string Beginning() { return R"({"requests":[)"; }
std::string Ending(std::uint64_t total) { return R"(],"total":)" + std::to_string(total) + "}"; }

}  // namespace

std::string JournalJson(const JournalView& entries, std::uint64_t total) {
  std::string text = Beginning();
  for (const JournalEntry& entry : entries) {
    if (!text.ends_with('[')) text += ',';
    text += EntryText(entry);
  }
  return text + Ending(total);
}

JournalText::JournalText(const Journal& journal, Selection selection)
    : journal_(journal), selection_(std::move(selection)), range_(journal.All()) {
  range_.next = selection_.since + 1;
}

std::string JournalText::Next() {
  std::string text = found_ == 0 ? Beginning() : "";
  const std::size_t nothing = text.size();
  while (text.size() == nothing && !range_.Empty() && found_ < selection_.limit) {
    for (const JournalEntry& entry : journal_.Read(range_, kPieceEntries, kPieceBytes)) {
      if (!selection_.provider.empty() && entry.provider != selection_.provider) continue;
      if (found_ == selection_.limit) break;
      if (found_++ > 0) text += ',';
      text += EntryText(entry);
    }
  }
  finished_ = range_.Empty() || found_ == selection_.limit;
  return finished_ ? text + Ending(range_.last) : text;
}

}  // namespace mock_provider
