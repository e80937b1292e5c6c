#include "mock_provider/faults/fault.h"

namespace mock_provider {

void ApplyFault(FaultKind kind, const HttpAnswer& answer, DrawSequence& draws, WirePlan& wire) {
  switch (kind) {
    case FaultKind::kReset:
      return Reset(answer, wire);
    case FaultKind::kClose:
      return Close(answer, wire);
    case FaultKind::kCloseMidHeaders:
      return CloseMidHeaders(answer, wire);
    case FaultKind::kCloseMidBody:
      return CloseMidBody(answer, wire);
    case FaultKind::kRandomBytes:
      return RandomBytes(draws, wire);
    case FaultKind::kEmptyBody:
      return EmptyBody(answer, wire);
    case FaultKind::kInvalidJson:
      return InvalidJson(answer, wire);
    case FaultKind::kTruncatedJson:
      return TruncatedJson(answer, wire);
    case FaultKind::kContentLengthTooLong:
      return ContentLengthTooLong(answer, wire);
    case FaultKind::kContentLengthTooShort:
      return ContentLengthTooShort(answer, wire);
    case FaultKind::kBadChunkSize:
      return BadChunkSize(answer, wire);
    case FaultKind::kMissingLastChunk:
      return MissingLastChunk(answer, wire);
    case FaultKind::kHtmlError:
      return HtmlError(answer, wire);
    case FaultKind::kHugeHeaders:
      return HugeHeaders(answer, wire);
    case FaultKind::kBadStatusLine:
      return BadStatusLine(answer, wire);
    case FaultKind::kDuplicateContentLength:
      return DuplicateContentLength(answer, wire);
  }
}

}  // namespace mock_provider
