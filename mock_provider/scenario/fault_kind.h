// The closed list of broken answers that a step's `fault` can name.
#ifndef ARBSTR_MOCK_PROVIDER_SCENARIO_FAULT_KIND_H_
#define ARBSTR_MOCK_PROVIDER_SCENARIO_FAULT_KIND_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mock_provider {

enum class FaultKind {
  kReset,
  kClose,
  kCloseMidHeaders,
  kCloseMidBody,
  kRandomBytes,
  kEmptyBody,
  kInvalidJson,
  kTruncatedJson,
  kContentLengthTooLong,
  kContentLengthTooShort,
  kBadChunkSize,
  kMissingLastChunk,
  kHtmlError,
  kHugeHeaders,
  kBadStatusLine,
  kDuplicateContentLength,
};

// The fault of that name, or of WireMock's name for it; nullopt for a name of neither.
std::optional<FaultKind> FaultByName(std::string_view name);

// The name as a scenario file spells it.
std::string FaultName(FaultKind kind);

// Every name that FaultByName takes, ours first.
std::vector<std::string> FaultNames();

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_SCENARIO_FAULT_KIND_H_
