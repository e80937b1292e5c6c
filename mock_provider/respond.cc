#include "mock_provider/respond.h"

#include <limits>
#include <utility>
#include <vector>

#include "mock_provider/answer/answer_plan.h"
#include "mock_provider/answer/broken_answer.h"
#include "mock_provider/answer/error_bodies.h"
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
Response BeginResponse(const Asked& asked, const Course& course) {
  Response response;
  response.model = asked.chat.model;
  response.stream = asked.chat.stream;
  response.rule = course.decision.rule;
  response.step = course.decision.step;
  response.n = course.decision.n;
  response.draw = course.decision.draw;
  response.admitted = course.admitted;
  return response;
}

std::vector<std::pair<std::string, std::string>> LimitHeaders(const Asked& asked,
                                                              const LimitVerdict& limits) {
  HttpAnswer limited;
  AddLimitHeaders(asked.provider.dialect, limits, asked.place.unix_ms, limited);
  return std::move(limited.headers);
}

PendingUpstream LeaveToUpstream(const Asked& asked, const Course& course) {
  return {.action = course.decision.action,
          .draws = course.decision.draws,
          .errors = asked.errors,
          .dialect = asked.provider.dialect,
          .headers = LimitHeaders(asked, course.limits),
          .http10 = asked.http.http10,
          .keep_alive = asked.http.keep_alive};
}

HttpAnswer MakeAnswer(const Asked& asked, Course& course) {
  if (course.refusal) return std::move(*course.refusal);
  const Action& action = *course.decision.action;
  if (action.error) return MakeErrorAnswer(asked.provider.dialect, *action.error, asked.errors);
  return HealthyAnswer(asked.provider, asked.http, asked.chat, asked.identity, action.reply);
}

// HTTP gives these answers no body: who reads them takes what follows for the next answer.
bool HasNoBody(const HttpRequest& http, int status) {
  return http.method == "HEAD" || mock_provider::HasNoBody(status);
}

// What holds for every answer: the limits in its head, and what this request's HTTP allows.
void FinishAnswer(const Asked& asked, const LimitVerdict& limits, HttpAnswer& answer) {
  AddLimitHeaders(asked.provider.dialect, limits, asked.place.unix_ms, answer);
  if (HasNoBody(asked.http, answer.status)) {
    answer.body.clear();
    answer.frames.clear();
  }
  answer.http10 = asked.http.http10;
  answer.keep_alive = asked.http.keep_alive && !(asked.http.http10 && answer.IsStream());
  answer.FollowConnectionHeader();
}

// What the journal says was played; null for the provider's own normal reply, which needs no words.
std::shared_ptr<const Action> ForJournal(const Asked& asked, const Course& course, const HttpAnswer& answer) {
  const std::shared_ptr<const Action>& decided = course.decision.action;
  const StreamPace& pace = asked.provider.stream;
  if (NeverAnswers(*decided)) return decided;
  PlayedAction played = course.normal && AsksForOwnModels(asked) ? AnswerAction(answer) : decided;
  played = WithHeaders(WithoutChance(std::move(played)), LimitHeaders(asked, course.limits));
  if (answer.IsStream() && !decided->fault && (pace.tps || pace.ttft_ms))
    played = WithPace(*played, pace, course.decision.draws);
  // Shared still: nothing had to be added to what a healthy provider does anyway.
  if (course.normal && played == decided) return nullptr;
  return played;
}

// A body of the scenario's own is all that a client gets to read, and is judged as a real provider's would
// be.
bool BreaksByItsBody(const Asked& asked, const Action& action, const HttpAnswer& answer) {
  if (!action.reply || !action.reply->body) return false;
  UpstreamHead head;
  head.status = answer.status;
  head.events = IsEventStream(*action.reply);
  head.headers = answer.headers;
  return IsBrokenByItself(asked.http, head, *action.reply->body);
}

std::optional<int> FramesOf(const HttpAnswer& answer) {
  if (!answer.IsStream()) return std::nullopt;
  return static_cast<int>(answer.frames.size());
}

}  // namespace

Response Respond(const Provider& provider, RuleEngine& rules, RateLimiter& limiter, const HttpRequest& http,
                 const RequestPlace& place) {
  const Asked asked = ReadRequest(provider, http, place);
  Course course = ChooseCourse(asked, rules, limiter);
  const Action& action = *course.decision.action;
  Response response = BeginResponse(asked, course);
  if (IsForUpstream(asked, course)) {
    response.upstream = std::make_unique<PendingUpstream>(LeaveToUpstream(asked, course));
    response.broken = Breaks(action, asked.chat.stream ? std::optional(kAnyFrame) : std::nullopt);
    return response;
  }
  HttpAnswer answer = MakeAnswer(asked, course);
  FinishAnswer(asked, course.limits, answer);
  response.action = ForJournal(asked, course, answer);
  response.broken = Breaks(action, FramesOf(answer)) || BreaksByItsBody(asked, action, answer);
  PlannedAnswer planned = PlanAnswer(answer, action, provider, asked.errors, course.decision.draws);
  response.head = planned.head;
  response.plan = std::move(planned.plan);
  return response;
}

}  // namespace mock_provider
