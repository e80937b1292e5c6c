#include "proxy/simulation/answer_check.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

namespace arbstr::proxy::simulation {
namespace {

std::string Differs(std::string_view what, std::string_view got, std::string_view wanted) {
  return fmt::format("its answer's {} is `{}`, and should be `{}`", what, got, wanted);
}

// The number behind `name` in a comment of ours; nothing where it is null.
std::optional<double> SaidCost(std::string_view text, std::string_view name) {
  const size_t at = text.find(name);
  if (at == text.npos || text.substr(at + name.size(), 4) == "null") return std::nullopt;
  return std::strtod(std::string(text.substr(at + name.size(), 24)).c_str(), nullptr);
}

// Six decimals are said.
bool SameCost(const std::optional<double>& said, const std::optional<double>& cost) {
  return said.has_value() == cost.has_value() && (!cost || std::abs(*said - *cost) <= 5e-7);
}

std::string WrongStream(const Answer& answer, const RequestModel& request, const request_log::Record& row) {
  const std::string& events = request.events();
  if (answer.status != 200) return Differs("status", std::to_string(answer.status), "200");
  if (answer.field("x-arbstr-streaming") != "true") return "a stream does not say that it is one";
  if (!answer.body.starts_with(events)) return Differs("events", answer.body, events);
  const std::string rest = answer.body.substr(events.size());
  if (row.success) {
    if (!answer.whole) return "a whole stream has no end";
    if (!rest.starts_with(": arbstr {") || !rest.ends_with("\n\ndata: [DONE]\n\n")) {
      return Differs("end", rest, ": arbstr {…} and [DONE]");
    }
    if (!SameCost(SaidCost(rest, "\"cost_sats\":"), row.cost_sats)) return Differs("cost", rest, "its row's");
    return "";
  }
  if (request.provider_said_error()) return rest.empty() ? "" : Differs("end", rest, "the provider's error");
  if (!rest.starts_with("data: {\"error\":")) return Differs("end", rest, "an error event");
  return "";
}

}  // namespace

std::string WhatIsWrong(const Answer& answer, const RequestModel& request, bool ended) {
  const std::string status = std::to_string(answer.status);
  if (!request.client_request().readable) return answer.status == 400 ? "" : Differs("status", status, "400");
  if (!request.row()) return "an answer without a row";
  const request_log::Record& row = *request.row();
  if (answer.field("x-arbstr-request-id") != row.correlation_id) {
    return Differs("id", answer.field("x-arbstr-request-id"), row.correlation_id);
  }
  if (answer.field("x-arbstr-provider") != row.provider.value_or("")) {
    return Differs("provider", answer.field("x-arbstr-provider"), row.provider.value_or(""));
  }
  if (request.streamed()) {
    // A stream that began to break later has more failures in its row than in its head.
    if (!row.success && !ended) return "a broken stream's connection goes on";
    return WrongStream(answer, request, row);
  }
  if (!answer.whole) return "a plain answer is cut";
  if (row.success != (answer.status < 300)) return Differs("status", status, std::to_string(row.status()));
  if (!row.success && answer.status != row.status()) {
    return Differs("status", status, std::to_string(row.status()));
  }
  if (answer.field("x-arbstr-retries") != row.retries.value_or("")) {
    return Differs("retries", answer.field("x-arbstr-retries"), row.retries.value_or(""));
  }
  if (answer.field("x-arbstr-latency-ms") != std::to_string(row.latency_ms)) {
    return Differs("latency", answer.field("x-arbstr-latency-ms"), std::to_string(row.latency_ms));
  }
  const std::string cost = answer.field("x-arbstr-cost-sats");
  if (!SameCost(cost.empty() ? std::nullopt : std::optional(std::strtod(cost.c_str(), nullptr)),
                row.cost_sats)) {
    return Differs("cost", cost, fmt::format("{}", row.cost_sats.value_or(-1)));
  }
  if (row.success && answer.body != request.answer_body()) {
    return Differs("body", answer.body, request.answer_body());
  }
  if (!row.success && answer.body.find("\"error\"") == answer.body.npos) {
    return Differs("body", answer.body, "an error");
  }
  const bool ours = request.attempts() > 0 && answer.status >= 502 && answer.status <= 504;
  if (ours && !request.client_left() && answer.field("x-should-retry") != "false" &&
      answer.body.find("draining") == answer.body.npos) {
    return Differs("x-should-retry", answer.field("x-should-retry"), "false");
  }
  if (row.status() == 503 && request.attempts() == 0 && answer.body.find("draining") == answer.body.npos &&
      std::atoi(answer.field("retry-after").c_str()) < 1) {
    return Differs("retry-after", answer.field("retry-after"), "a second or more");
  }
  return "";
}

}  // namespace arbstr::proxy::simulation
