#ifndef ARBSTR_MOCK_PROVIDER_SCENARIO_IS_TRANSIENT_H_
#define ARBSTR_MOCK_PROVIDER_SCENARIO_IS_TRANSIENT_H_

namespace mock_provider {

// Whether an error of that status may be gone the next time. 408, 409, 425 and 429 may pass by themselves;
// any other of the client's errors stays what it is, and so does what the server will never do.
constexpr bool IsTransient(int status) {
  if (status == 408 || status == 409 || status == 425 || status == 429) return true;
  return status >= 500 && status != 501 && status != 505;
}

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_SCENARIO_IS_TRANSIENT_H_
