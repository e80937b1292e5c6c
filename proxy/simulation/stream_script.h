#ifndef ARBSTR_PROXY_SIMULATION_STREAM_SCRIPT_H_
#define ARBSTR_PROXY_SIMULATION_STREAM_SCRIPT_H_

#include <vector>

#include "proxy/simulation/script.h"

namespace arbstr::proxy::simulation {

// An event stream. Unhealthy: cut, broken, silent, with an error event or one that is no JSON.
std::vector<Step> WriteStream(const ScriptFor& request, bool healthy, Chance& chance);

}  // namespace arbstr::proxy::simulation

#endif  // ARBSTR_PROXY_SIMULATION_STREAM_SCRIPT_H_
