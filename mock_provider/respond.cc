#include "mock_provider/respond.h"

#include <limits>
#include <utility>
#include <vector>

#include "mock_provider/answer/answer_plan.h"
#include "mock_provider/answer/broken_answer.h"
#include "mock_provider/answer/error_answer.h"
#include "mock_provider/answer/healthy_answer.h"
#include "mock_provider/answer/limit_headers.h"
#include "mock_provider/answer/played_action.h"
#include "mock_provider/http/http_answer.h"
#include "mock_provider/scenario/event_stream_reply.h"
#include "mock_provider/scenario/never_answers.h"
#include "mock_provider/upstream/relay_judge.h"

namespace mock_provider {
namespace {

constexpr int kAnyFrame = std::numeric_limits<int>::max();  // how many come is not known yet

// What is known of the response before there is an answer.
Response BeginResponse(const ParsedRequest& request, const Course& course) {
  Response response;
  response.model = request.chat.model;
  response.stream = request.chat.stream;
  response.hit = course.decision.hit;
  response.admitted = course.admitted;
  return response;
}

std::vector<std::pair<std::string, std::string>> LimitHeaders(const ParsedRequest& request,
                                                              const LimitVerdict& limits) {
  HttpAnswer limited;
  AddLimitHeaders(request.provider.dialect, limits, request.place.unix_ms, limited);
  return std::move(limited.headers);
}

PendingUpstream LeaveToUpstream(const ParsedRequest& request, const Course& course) {
  return {.action = course.decision.action,
          .draws = course.decision.draws,
          .errors = request.errors,
          .dialect = request.provider.dialect,
          .headers = LimitHeaders(request, course.limits),
          .http10 = request.http.http10,
          .keep_alive = request.http.keep_alive};
}

HttpAnswer MakeAnswer(const ParsedRequest& request, Course& course) {
  if (course.refusal) return std::move(*course.refusal);
  const Action& action = *course.decision.action;
  if (action.error) {
    const Dialect dialect = request.provider.dialect;
    HttpAnswer answer = MakeErrorAnswer(dialect, *action.error, request.errors);
    SpeakOfLimits(dialect, course.limits, course.tokens, *action.error, request.errors, answer);
    return answer;
  }
  return HealthyAnswer(request.provider, request.http, request.chat, request.identity, action.reply);
}

// What holds for every answer: the limits in its head, and what this request's HTTP allows.
void FinishAnswer(const ParsedRequest& request, const LimitVerdict& limits, HttpAnswer& answer) {
  AddLimitHeaders(request.provider.dialect, limits, request.place.unix_ms, answer);
  if (HasNoBody(request.http.method, answer.status)) {
    answer.body.clear();
    answer.frames.clear();
  }
  answer.http10 = request.http.http10;
  answer.keep_alive = request.http.keep_alive && !(request.http.http10 && answer.IsStream());
  answer.FollowConnectionHeader();
}

// What the journal says was played; null for the provider's own normal reply, which needs no words.
std::shared_ptr<const Action> ForJournal(const ParsedRequest& request, const Course& course,
                                         const HttpAnswer& answer) {
  const std::shared_ptr<const Action>& decided = course.decision.action;
  const StreamPace& pace = request.provider.stream;
  if (NeverAnswers(*decided)) return decided;
  PlayedAction played = course.normal && AsksForOwnModels(request) ? AnswerAction(answer) : decided;
  played = WithHeaders(WithoutChance(std::move(played)), LimitHeaders(request, course.limits));
  if (answer.IsStream() && !decided->fault && (pace.tps || pace.ttft_ms))
    played = WithPace(*played, pace, course.decision.draws);
  // Shared still: nothing had to be added to what a healthy provider does anyway.
  if (course.normal && played == decided) return nullptr;
  return played;
}

// A body of the scenario's own is all that a client gets to read, and is judged as a real provider's would
// be.
bool BreaksByItsBody(const ParsedRequest& request, const Action& action, const HttpAnswer& answer) {
  if (!action.reply || !action.reply->body) return false;
  UpstreamHead head;
  head.status = answer.status;
  head.events = IsEventStream(*action.reply);
  head.headers = answer.headers;
  return IsBrokenByItself(request.http, head, *action.reply->body);
}

// A reply that says what it took is charged with that, in place of what the request was counted with.
void ChargeUsage(const ParsedRequest& request, const HttpAnswer& answer, RateLimiter& limiter,
                 Course& course) {
  const Action& action = *course.decision.action;
  if (!course.admitted || !request.provider.limits.tpm || !action.reply) return;
  const auto tokens = StatedTokens(request.provider, request.chat, *action.reply, answer);
  if (tokens) course.limits = limiter.Charge(*tokens - course.tokens, request.place.line_ms);
}

std::optional<int> FramesOf(const HttpAnswer& answer) {
  if (!answer.IsStream()) return std::nullopt;
  return static_cast<int>(answer.frames.size());
}

}  // namespace

Response Respond(const Provider& provider, RuleEngine& rules, RateLimiter& limiter, const HttpRequest& http,
                 const RequestPlace& place) {
  const ParsedRequest request = ParseRequest(provider, http, place);
  Course course = ChooseCourse(request, rules, limiter);
  const Action& action = *course.decision.action;
  Response response = BeginResponse(request, course);
  if (IsForUpstream(request, course)) {
    response.upstream = std::make_unique<PendingUpstream>(LeaveToUpstream(request, course));
    response.broken = Breaks(action, request.chat.stream ? std::optional(kAnyFrame) : std::nullopt);
    return response;
  }
  HttpAnswer answer = MakeAnswer(request, course);
  ChargeUsage(request, answer, limiter, course);
  FinishAnswer(request, course.limits, answer);
  response.action = ForJournal(request, course, answer);
  PlannedAnswer planned = PlanAnswer(answer, action, provider, request.errors, course.decision.draws);
  response.broken = Breaks(action, FramesOf(answer), planned.plan.SendsWholeAnswer()) ||
                    BreaksByItsBody(request, action, answer);
  response.head = planned.head;
  response.plan = std::move(planned.plan);
  return response;
}

}  // namespace mock_provider
