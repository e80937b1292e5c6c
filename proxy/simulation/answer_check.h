#ifndef ARBSTR_PROXY_SIMULATION_ANSWER_CHECK_H_
#define ARBSTR_PROXY_SIMULATION_ANSWER_CHECK_H_

#include <string>

#include "proxy/simulation/answer_reader.h"
#include "proxy/simulation/request_model.h"

namespace arbstr::proxy::simulation {

// Whether the answer is the one that the request's model has led to and says what its row says. Empty: it is.
// `ended`: the gateway has closed the connection behind it.
std::string WhatIsWrong(const Answer& answer, const RequestModel& request, bool ended);

}  // namespace arbstr::proxy::simulation

#endif  // ARBSTR_PROXY_SIMULATION_ANSWER_CHECK_H_
