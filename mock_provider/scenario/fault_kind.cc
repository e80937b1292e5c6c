#include "mock_provider/scenario/fault_kind.h"

#include <array>
#include <utility>

namespace mock_provider {
namespace {

constexpr std::array<std::pair<const char*, FaultKind>, 20> kNames = {{
    {"reset", FaultKind::kReset},
    {"close", FaultKind::kClose},
    {"close_mid_headers", FaultKind::kCloseMidHeaders},
    {"close_mid_body", FaultKind::kCloseMidBody},
    {"random_bytes", FaultKind::kRandomBytes},
    {"empty_body", FaultKind::kEmptyBody},
    {"invalid_json", FaultKind::kInvalidJson},
    {"truncated_json", FaultKind::kTruncatedJson},
    {"content_length_too_long", FaultKind::kContentLengthTooLong},
    {"content_length_too_short", FaultKind::kContentLengthTooShort},
    {"bad_chunk_size", FaultKind::kBadChunkSize},
    {"missing_last_chunk", FaultKind::kMissingLastChunk},
    {"html_error", FaultKind::kHtmlError},
    {"huge_headers", FaultKind::kHugeHeaders},
    {"bad_status_line", FaultKind::kBadStatusLine},
    {"duplicate_content_length", FaultKind::kDuplicateContentLength},
    // WireMock's names.
    {"EMPTY_RESPONSE", FaultKind::kClose},
    {"CONNECTION_RESET_BY_PEER", FaultKind::kReset},
    {"MALFORMED_RESPONSE_CHUNK", FaultKind::kBadChunkSize},
    {"RANDOM_DATA_THEN_CLOSE", FaultKind::kRandomBytes},
}};

}  // namespace

std::optional<FaultKind> FaultByName(std::string_view name) {
  for (const auto& [known, kind] : kNames) {
    if (name == known) return kind;
  }
  return std::nullopt;
}

std::string FaultName(FaultKind kind) {
  for (const auto& [name, known] : kNames) {
    if (known == kind) return name;
  }
  return "";
}

std::vector<std::string> FaultNames() {
  std::vector<std::string> names;
  for (const auto& [name, kind] : kNames) names.emplace_back(name);
  return names;
}

}  // namespace mock_provider
