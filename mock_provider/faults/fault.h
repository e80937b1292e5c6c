// The broken answers, one small file each. A fault is given the answer that was due and writes down what
// happens on the connection instead.
#ifndef ARBSTR_MOCK_PROVIDER_FAULTS_FAULT_H_
#define ARBSTR_MOCK_PROVIDER_FAULTS_FAULT_H_

#include "mock_provider/http/http_answer.h"
#include "mock_provider/http/wire_plan.h"
#include "mock_provider/scenario/draw.h"
#include "mock_provider/scenario/fault_kind.h"

namespace mock_provider {

void Reset(const HttpAnswer& answer, WirePlan& wire);
void Close(const HttpAnswer& answer, WirePlan& wire);
void CloseMidHeaders(const HttpAnswer& answer, WirePlan& wire);
void CloseMidBody(const HttpAnswer& answer, WirePlan& wire);
void RandomBytes(DrawSequence& draws, WirePlan& wire);
void EmptyBody(const HttpAnswer& answer, WirePlan& wire);
void InvalidJson(const HttpAnswer& answer, WirePlan& wire);
void TruncatedJson(const HttpAnswer& answer, WirePlan& wire);
void ContentLengthTooLong(const HttpAnswer& answer, WirePlan& wire);
void ContentLengthTooShort(const HttpAnswer& answer, WirePlan& wire);
void BadChunkSize(const HttpAnswer& answer, WirePlan& wire);
void MissingLastChunk(const HttpAnswer& answer, WirePlan& wire);
void HtmlError(const HttpAnswer& answer, WirePlan& wire);
void HugeHeaders(const HttpAnswer& answer, WirePlan& wire);
void BadStatusLine(const HttpAnswer& answer, WirePlan& wire);
void DuplicateContentLength(const HttpAnswer& answer, WirePlan& wire);

// The fault of that kind. `draws` feeds what is random in it.
void ApplyFault(FaultKind kind, const HttpAnswer& answer, DrawSequence& draws, WirePlan& wire);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_FAULTS_FAULT_H_
