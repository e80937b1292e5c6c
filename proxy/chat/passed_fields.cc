#include "proxy/chat/passed_fields.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "proxy/chat/mask_secrets.h"
#include "proxy/http/ascii.h"
#include "proxy/http/response.h"

namespace arbstr::proxy {
namespace {

bool HasPrefix(std::string_view name, std::string_view prefix) {
  return name.size() > prefix.size() && (name.front() | 0x20) == prefix.front() &&
         EqualsIgnoringCase(name.substr(0, prefix.size()), prefix);
}

// Names that are looked for among all fields of a head, of which most are told apart by their length.
template <size_t kCount>
class KnownNames {
 public:
  constexpr explicit KnownNames(const std::array<std::string_view, kCount>& names) : names_(names) {
    for (const std::string_view name : names) lengths_ |= uint64_t{1} << name.size();
  }
  // The name's spelling here, or empty where it is none of them.
  std::string_view Find(std::string_view name) const {
    if (name.size() >= 64 || (lengths_ >> name.size() & 1) == 0) return {};
    for (const std::string_view known : names_) {
      if (EqualsIgnoringCase(known, name)) return known;
    }
    return {};
  }

 private:
  std::array<std::string_view, kCount> names_;
  uint64_t lengths_ = 0;  // a bit for each length that there is
};

constexpr KnownNames<5> kRequestFields({"content-type", "accept", "user-agent", "traceparent", "tracestate"});
// What clients act upon: it has no room for a secret, and a short one that it happens to contain must not
// break it.
constexpr KnownNames<5> kResponseFields({"retry-after", "retry-after-ms", "x-should-retry", "content-type",
                                         "content-encoding"});

bool MayQuote(std::string_view name) {
  return HasPrefix(name, "x-ratelimit-") || HasPrefix(name, "openai-") ||
         EqualsIgnoringCase(name, "x-request-id");
}

}  // namespace

std::string RequestFieldsPassedOn(const RequestParser& head, const std::string& request_id,
                                  const std::vector<std::pair<std::string, std::string>>& given) {
  std::string fields;
  fields.reserve(256);
  head.ForEachHeader([&](std::string_view name, std::string_view value) {
    const std::string_view known = kRequestFields.Find(name);
    if (known.empty()) return;
    if (std::ranges::any_of(given, [&](const auto& field) { return EqualsIgnoringCase(field.first, known); }))
      return;
    AddField(fields, known, value);
  });
  AddField(fields, "idempotency-key", request_id);
  return fields;
}

std::string ResponseFieldsPassedOn(const ResponseParser& head, const std::vector<std::string>& secrets) {
  std::string fields;
  fields.reserve(512);  // with room for what the gateway adds
  head.ForEachHeader([&](std::string_view name, std::string_view value) {
    if (!kResponseFields.Find(name).empty()) {
      AddField(fields, name, value);
    } else if (MayQuote(name)) {
      AddField(fields, name, MaskSecrets(std::string(value), secrets));
    }
  });
  return fields;
}

std::string WithoutField(const std::string& fields, std::string_view name) {
  std::string kept;
  for (size_t at = 0; at < fields.size();) {
    const size_t next = fields.find('\n', at) + 1;
    const std::string_view line = std::string_view(fields).substr(at, next - at);
    if (!EqualsIgnoringCase(line.substr(0, line.find(':')), name)) kept.append(line);
    at = next;
  }
  return kept;
}

}  // namespace arbstr::proxy
