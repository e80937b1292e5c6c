#include "mock_provider/course.h"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "mock_provider/answer/api_key.h"
#include "mock_provider/answer/limit_headers.h"
#include "mock_provider/answer/played_action.h"
#include "mock_provider/rules/model_name_action.h"
#include "mock_provider/scenario/draw.h"
#include "mock_provider/scenario/never_answers.h"

namespace mock_provider {
namespace {

std::string Hex(std::uint64_t bits) {
  std::string digits(16, '0');
  for (std::size_t i = digits.size(); i > 0; bits >>= 4) digits[--i] = "0123456789abcdef"[bits & 15];
  return digits;
}

AnswerIdentity MakeIdentity(const Provider& provider, const RequestPlace& place) {
  DrawSequence draws(
      {.seed = place.seed, .provider = provider.name, .rule = "id", .key = "", .n = place.seq});
  AnswerIdentity identity;
  identity.completion_id = "chatcmpl-mock" + Hex(draws.NextBits());
  identity.request_id = "req_" + Hex(draws.NextBits());
  identity.request_id += Hex(draws.NextBits());
  identity.created = kCreatedAtStart + static_cast<std::int64_t>(place.now_ms / 1000);
  return identity;
}

bool RefusesKey(const ParsedRequest& request, Course& course) {
  course.refusal = RefuseWrongKey(request.provider, request.errors);
  if (!course.refusal) return false;
  // Without a key there are other words for it.
  course.decision.action = request.errors.key.empty() ? AnswerAction(*course.refusal)
                                                      : ErrorAction({.kind = ErrorKind::kInvalidApiKey});
  return true;
}

// The tokens that a provider counts against a request before it answers.
std::int64_t TokensOf(const ChatRequest& chat) {
  constexpr std::int64_t kMost = 1'000'000'000'000'000;  // the client writes what it likes
  return chat.prompt_words + std::min(chat.max_tokens, kMost);
}

bool LimitsRefuse(const ParsedRequest& request, RateLimiter& limiter, Course& course) {
  // Limits are on what costs the provider something; listing models is free, but told how the buckets stand.
  if (request.http.method != "POST") {
    course.limits = limiter.Look(request.place.line_ms);
    return false;
  }
  course.tokens = TokensOf(request.chat);
  course.limits = limiter.Admit(course.tokens, request.place.line_ms);
  course.admitted = course.limits.hit == LimitVerdict::Hit::kNone;
  if (course.admitted) return false;
  course.refusal = MakeLimitAnswer(request.provider.dialect, course.limits, request.errors);
  course.decision.action = AnswerAction(*course.refusal);
  return true;
}

void FollowModelName(const ParsedRequest& request, Course& course) {
  auto named = ActionByModelName(request.chat.model);
  if (!named) return;
  course.normal = false;
  if (named->mistake.empty()) {
    course.decision.action = std::make_shared<const Action>(std::move(named->action));
    return;
  }
  course.refusal = MakeRefusal(request.provider.dialect, 400, named->mistake, "unknown_action");
  course.decision.action = ErrorAction({.kind = ErrorKind::kStatus, .status = 400, .retry_after_ms = {}});
}

// Whether a step says what happens without an answer, or has one of its own.
bool NeedsNoAnswer(const Action& action) {
  if (action.reply || action.error) return true;
  if (action.fault) {
    switch (*action.fault) {
      case FaultKind::kReset:
      case FaultKind::kClose:
      case FaultKind::kRandomBytes:
      case FaultKind::kHtmlError:
      case FaultKind::kInvalidJson:
        return true;
      default:
        break;
    }
  }
  return NeverAnswers(action);
}

}  // namespace

ParsedRequest ParseRequest(const Provider& provider, const HttpRequest& http, const RequestPlace& place) {
  ParsedRequest request{.provider = provider,
                        .http = http,
                        .place = place,
                        .chat = ReadChatRequest(provider.dialect, http),
                        .identity = MakeIdentity(provider, place),
                        .errors = {}};
  request.errors = {.model = request.chat.model,
                    .request_id = request.identity.request_id,
                    .key = KeyOf(provider.dialect, http),
                    .unix_ms = place.unix_ms};
  return request;
}

Course ChooseCourse(const ParsedRequest& request, RuleEngine& rules, RateLimiter& limiter) {
  Course course;
  if (RefusesKey(request, course) || LimitsRefuse(request, limiter, course)) return course;
  course.decision = rules.Decide(request.http, request.chat, request.place.connection, request.place.now_ms);
  course.normal = !course.decision.hit.rule;
  if (course.normal && request.provider.models_choose_faults) FollowModelName(request, course);
  course.decision.action = WithDrawnDelay(std::move(course.decision.action), course.decision.draws);
  return course;
}

bool AsksForOwnModels(const ParsedRequest& request) {
  const std::string_view path = request.http.Path();
  return request.http.method == "GET" && !request.provider.models.empty() &&
         (path.ends_with("/models") || path.find("/models/") != path.npos);
}

bool IsForUpstream(const ParsedRequest& request, const Course& course) {
  return request.provider.upstream && !course.refusal && !NeedsNoAnswer(*course.decision.action) &&
         !AsksForOwnModels(request);
}

}  // namespace mock_provider
