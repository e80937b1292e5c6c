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

int StatusWithFault(FaultKind kind, const HttpAnswer& answer) {
  switch (kind) {
    case FaultKind::kReset:
    case FaultKind::kClose:
    case FaultKind::kRandomBytes:
    case FaultKind::kBadStatusLine:
      return 0;
    case FaultKind::kHtmlError:
      return 502;
    case FaultKind::kCloseMidHeaders:
    case FaultKind::kCloseMidBody:
    case FaultKind::kEmptyBody:
    case FaultKind::kInvalidJson:
    case FaultKind::kTruncatedJson:
    case FaultKind::kContentLengthTooLong:
    case FaultKind::kContentLengthTooShort:
    case FaultKind::kBadChunkSize:
    case FaultKind::kMissingLastChunk:
    case FaultKind::kHugeHeaders:
    case FaultKind::kDuplicateContentLength:
      return answer.status;
  }
  return 0;
}

}  // namespace mock_provider
