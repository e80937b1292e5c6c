#ifndef ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_PARSE_ACTION_H_
#define ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_PARSE_ACTION_H_

#include "mock_provider/scenario/action.h"
#include "mock_provider/scenario_file/object_reader.h"

namespace mock_provider {

// The action's fields of a step, or of one of its choices: reply, error, retry_after_ms, delay_ms, hang,
// drip, fault, frames. The caller finishes the reader.
Action ParseAction(ObjectReader& reader, Mistakes& mistakes);

// Whether the object has any of those fields.
bool HasAction(const ObjectReader& reader);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_SCENARIO_FILE_PARSE_ACTION_H_
