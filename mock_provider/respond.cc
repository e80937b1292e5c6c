#include "mock_provider/respond.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "mock_provider/answer/answer_plan.h"
#include "mock_provider/answer/broken_answer.h"
#include "mock_provider/answer/error_bodies.h"
#include "mock_provider/answer/healthy_answer.h"
#include "mock_provider/answer/limit_headers.h"
#include "mock_provider/answer/played_action.h"
#include "mock_provider/http/http_answer.h"
#include "mock_provider/rules/model_name_action.h"
#include "mock_provider/scenario/draw.h"

namespace mock_provider {
namespace {

constexpr int kAnyFrame = std::numeric_limits<int>::max();  // how many come is not known yet
constexpr std::int64_t kCreatedAtStart = 1767225600;        // the same in every run: 2026-01-01T00:00:00Z

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

HttpAnswer MakeAnswer(const Provider& provider, const HttpRequest& http, const ChatRequest& chat,
                      const AnswerIdentity& identity, const Action& action, const ErrorContext& errors) {
  if (action.error) return MakeErrorAnswer(provider.dialect, *action.error, errors);
  return HealthyAnswer(provider, http, chat, identity, action.reply);
}

// The tokens that a provider counts against a request before it answers.
std::int64_t TokensOf(const ChatRequest& chat) {
  constexpr std::int64_t kMost = 1'000'000'000'000'000;  // the client writes what it likes
  return chat.prompt_words + std::min(chat.max_tokens, kMost);
}

// Limits are on what costs the provider something; listing models is free, but told how the buckets stand.
LimitVerdict AskLimiter(RateLimiter& limiter, const HttpRequest& http, const ChatRequest& chat,
                        const RequestPlace& place, Response& response) {
  if (http.method != "POST") return limiter.Look(place.line_ms);
  const LimitVerdict verdict = limiter.Admit(TokensOf(chat), place.line_ms);
  response.admitted = verdict.hit == LimitVerdict::Hit::kNone;
  return verdict;
}

std::optional<int> FramesOf(const HttpAnswer& answer) {
  if (!answer.IsStream()) return std::nullopt;
  return static_cast<int>(answer.frames.size());
}

// What the scenario lists is no upstream's to say, and nothing that a scenario of actions alone can make up.
bool AsksForOwnModels(const Provider& provider, const HttpRequest& http) {
  const std::string_view path = http.Path();
  return http.method == "GET" && !provider.models.empty() &&
         (path.ends_with("/models") || path.find("/models/") != path.npos);
}

// HTTP gives these answers no body: who reads them takes what follows for the next answer.
bool HasNoBody(const HttpRequest& http, int status) {
  return http.method == "HEAD" || mock_provider::HasNoBody(status);
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
  return action.hang && action.hang->at == Hang::At::kBeforeHeaders && action.hang->end != Hang::End::kReply;
}

std::vector<std::pair<std::string, std::string>> LimitHeaders(Dialect dialect, const LimitVerdict& limits,
                                                              double unix_ms) {
  HttpAnswer limited;
  AddLimitHeaders(dialect, limits, unix_ms, limited);
  return std::move(limited.headers);
}

PendingUpstream LeaveToUpstream(const Provider& provider, const HttpRequest& http, const Decision& decision,
                                const ErrorContext& errors, const LimitVerdict& limits, double unix_ms) {
  return {.action = decision.action,
          .draws = decision.draws,
          .errors = errors,
          .dialect = provider.dialect,
          .headers = LimitHeaders(provider.dialect, limits, unix_ms),
          .http10 = http.http10,
          .keep_alive = http.keep_alive};
}

}  // namespace

Response Respond(const Provider& provider, RuleEngine& rules, RateLimiter& limiter, const HttpRequest& http,
                 const RequestPlace& place) {
  const ChatRequest chat = ReadChatRequest(http.body);
  const AnswerIdentity identity = MakeIdentity(provider, place);
  const ErrorContext errors{
      .model = chat.model, .request_id = identity.request_id, .key = KeyOf(http), .unix_ms = place.unix_ms};
  Response response;
  response.model = chat.model;
  response.stream = chat.stream;

  Decision decision;
  bool normal = false;
  LimitVerdict limits;
  std::optional<HttpAnswer> answer = RefuseWrongKey(provider, http, identity);
  if (answer) {
    decision.action = ErrorAction({.kind = ErrorKind::kInvalidApiKey});
  } else if (limits = AskLimiter(limiter, http, chat, place, response);
             limits.hit != LimitVerdict::Hit::kNone) {
    answer = MakeLimitAnswer(provider.dialect, limits, errors);
    decision.action = AnswerAction(*answer);
  } else {
    decision = rules.Decide(http, chat, place.connection, place.now_ms);
    normal = !decision.rule;
    if (!decision.rule && provider.models_choose_faults) {
      if (auto named = ActionByModelName(chat.model)) {
        normal = false;
        decision.action = std::make_shared<const Action>(std::move(named->action));
        if (!named->mistake.empty()) {
          answer = MakeRefusal(provider.dialect, 400, named->mistake, "unknown_action");
          decision.action = ErrorAction({.kind = ErrorKind::kStatus, .status = 400, .retry_after_ms = {}});
        }
      }
    }
    decision.action = WithDrawnDelay(std::move(decision.action), decision.draws);
    if (provider.upstream && !NeedsNoAnswer(*decision.action) && !AsksForOwnModels(provider, http)) {
      response.upstream = std::make_unique<PendingUpstream>(
          LeaveToUpstream(provider, http, decision, errors, limits, place.unix_ms));
    } else if (!answer) {
      answer = MakeAnswer(provider, http, chat, identity, *decision.action, errors);
    }
  }
  response.rule = std::move(decision.rule);
  response.step = decision.step;
  response.n = decision.n;
  response.draw = decision.draw;
  if (response.upstream) {
    response.broken = Breaks(*decision.action, chat.stream ? std::optional(kAnyFrame) : std::nullopt);
    return response;
  }
  AddLimitHeaders(provider.dialect, limits, place.unix_ms, *answer);
  if (HasNoBody(http, answer->status)) {
    answer->body.clear();
    answer->frames.clear();
  }
  answer->http10 = http.http10;
  answer->keep_alive = http.keep_alive && !(http.http10 && answer->IsStream());
  answer->FollowConnectionHeader();
  const bool paced =
      answer->IsStream() && !decision.action->fault && (provider.stream.tps || provider.stream.ttft_ms);
  PlayedAction played = normal && AsksForOwnModels(provider, http) ? AnswerAction(*answer) : decision.action;
  played =
      WithHeaders(WithoutChance(std::move(played)), LimitHeaders(provider.dialect, limits, place.unix_ms));
  if (paced) played = WithPace(*played, provider.stream, decision.draws);
  // Shared still: nothing but the provider's own normal reply, which needs no words.
  if (!normal || played != decision.action) response.action = std::move(played);
  PlannedAnswer planned = PlanAnswer(*answer, *decision.action, provider, errors, decision.draws);
  response.head = planned.head;
  response.broken = Breaks(*decision.action, FramesOf(*answer));
  response.plan = std::move(planned.plan);
  return response;
}

}  // namespace mock_provider
