// What becomes of a request. The first of these that has something to say about it decides: the provider's
// keys, its limits, its rules, the model's name.
#ifndef ARBSTR_MOCK_PROVIDER_COURSE_H_
#define ARBSTR_MOCK_PROVIDER_COURSE_H_

#include <cstdint>
#include <optional>

#include "mock_provider/answer/error_answer.h"
#include "mock_provider/answer/healthy_answer.h"
#include "mock_provider/http/http_answer.h"
#include "mock_provider/http/http_request.h"
#include "mock_provider/rules/chat_request.h"
#include "mock_provider/rules/rate_limiter.h"
#include "mock_provider/rules/rule_engine.h"
#include "mock_provider/scenario/scenario.h"

namespace mock_provider {

// Where a request stands among others.
struct RequestPlace {
  std::uint64_t seed = 0;
  std::uint64_t seq = 0;  // makes the answer's ids
  std::uint64_t connection = 0;
  double now_ms = 0;   // of the scenario
  double line_ms = 0;  // the same on the clock's time line, which no restart sets back
  double unix_ms = 0;  // the wall clock's, for headers that name a time of day
};

// A request, read, and what every answer to it is made with. Provider, request and place must outlive it.
struct ParsedRequest {
  const Provider& provider;
  const HttpRequest& http;
  const RequestPlace& place;
  ChatRequest chat;
  AnswerIdentity identity;
  ErrorContext errors;
};
ParsedRequest ParseRequest(const Provider& provider, const HttpRequest& http, const RequestPlace& place);

struct Course {
  Decision decision{};
  LimitVerdict limits{};                // how they stand; untouched where the key was wrong
  std::int64_t tokens = 0;              // that they count of the request
  bool admitted = false;                // by the limiter, which is to be told when the answer has ended
  bool normal = false;                  // nothing interferes: the provider answers as in good health
  std::optional<HttpAnswer> refusal{};  // instead of what the action would make of the request
};

// Takes the request's share of the limits, and claims the step of the rule that it meets, if any. One that
// the limits refuse, or whose key is wrong, meets no rule.
Course ChooseCourse(const ParsedRequest& request, RuleEngine& rules, RateLimiter& limiter);

// Whether it asks for the models that the scenario lists: what they are is no real provider's to say.
bool AsksForOwnModels(const ParsedRequest& request);

// Whether a real provider has to answer.
bool IsForUpstream(const ParsedRequest& request, const Course& course);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_COURSE_H_
