#include "proxy/chat/attempt.h"

#include <fmt/format.h>

#include "proxy/chat/body_splice.h"
#include "proxy/chat/mask_secrets.h"
#include "proxy/chat/passed_fields.h"
#include "proxy/chat/sse_block.h"
#include "proxy/chat/stream_head.h"
#include "proxy/http/ascii.h"
#include "proxy/http/cut_status.h"
#include "proxy/http/response.h"
#include "retry/classify.h"
#include "retry/retry_after.h"

namespace arbstr::proxy {
namespace {

using retry::Fault;
using retry::Outcome;

// The status of an error says what is to be done next: its body is waited for this long at most.
constexpr std::chrono::seconds kErrorBodyTime{2};

const char* CodeOf(Fault fault) {
  switch (fault) {
    case Fault::kConnectTimeout:
    case Fault::kConnectFailed:
    case Fault::kTls:
    case Fault::kReset:
    case Fault::kClosed:
      return "upstream_unreachable";
    case Fault::kOwnLimit:
      return "gateway_limit";
    case Fault::kTruncated:
    case Fault::kUnreadable:
    case Fault::kTooLarge:
    case Fault::kErrorBody:
      return "upstream_invalid";
    case Fault::kAttemptTimeout:
      return "deadline_exceeded";
  }
  return "upstream_invalid";
}

void SetFault(AttemptResult& result, Fault fault, std::string message) {
  result.outcome = retry::ClassifyFault(fault);
  result.status = retry::CountedStatus(fault);
  result.code = CodeOf(fault);
  result.own_limit = fault == Fault::kOwnLimit;
  result.error = std::move(message);
}

void SetInterrupted(AttemptResult& result, InterruptReason reason, const RetryConfig& config) {
  switch (reason) {
    case InterruptReason::kAttemptTimeout:
      return SetFault(
          result, Fault::kAttemptTimeout,
          fmt::format("no answer within {} ms (retry.attempt_timeout_ms)", config.attempt_timeout.count()));
    case InterruptReason::kNone:
    case InterruptReason::kConnectTimeout:
    case InterruptReason::kErrorBodyTimeout:
    case InterruptReason::kStreamIdle:
    case InterruptReason::kDeadline:
      result.outcome = Outcome::kDeadline;
      result.status = 504;
      result.error = "cut by the deadline";
      return;
    case InterruptReason::kClientGone:
      result.error = "the client went away";
      result.status = kClientGoneStatus;
      break;
    case InterruptReason::kShutdown:
      result.error = "the gateway is shutting down";
      result.status = kShutdownStatus;
      break;
  }
  result.outcome = Outcome::kClientGone;
}

// True: `outcome` was a failure of the exchange and is now the result's.
bool SetFailed(AttemptResult& result, const UpstreamResult& outcome, const ChatCall& call,
               const RetryConfig& config) {
  if (outcome.ok()) return false;
  if (outcome.interrupted) {
    SetInterrupted(result, call.interrupt.reason(), config);
  } else {
    SetFault(result, outcome.failure->fault, outcome.failure->message);
  }
  return true;
}

bool IsOfType(const ResponseParser& response, std::string_view media_type) {
  const std::string_view type = response.Header("content-type").value_or("");
  return EqualsIgnoringCase(type.substr(0, type.find_first_of("; ")), media_type);
}

bool IsEventStream(const ResponseParser& response) {
  if (response.status() >= 300 || response.status() == 204)
    return false;  // 204 has no body, whatever it says
  return IsOfType(response, "text/event-stream");
}

// Whether the body is in a coding (RFC 9110 §8.4), which is never asked for.
bool IsEncoded(const ResponseParser& response) {
  const std::string_view coding = response.Header("content-encoding").value_or("");
  return response.HeaderCount("content-encoding") > 1 ||
         !(coding.empty() || EqualsIgnoringCase(coding, "identity"));
}

std::optional<std::chrono::milliseconds> RetryAfterOf(const ResponseParser& response,
                                                      const LoopClock& clock) {
  return retry::ParseRetryAfter(response.Header("retry-after-ms"), response.Header("retry-after"),
                                clock.TimeOfDay());
}

// What an error's body says, in OpenAI's shape or as it is; empty where it says nothing.
std::string ErrorExcerpt(const ResponseParser& response, const BodyBuffer& body,
                         const std::vector<std::string>& secrets, simdjson::dom::parser& json) {
  if (IsEncoded(response)) return "a body with a content-encoding, though none was asked for";
  const auto message = OpenAiErrorMessage(body, json);
  return MaskedExcerpt(message ? *message : body.view(), secrets);
}

// Where only the connection's end ends a body (RFC 9112 §6.3), it is its JSON that tells a whole one from one
// that was cut.
bool WasCut(const ResponseParser& response, const Completion& completion) {
  return !completion.is_json && !response.chunked() && !response.content_length() && !IsEncoded(response) &&
         IsOfType(response, "application/json");
}

void ReadAnswer(AttemptResult& result, const ResponseParser& response,
                const std::vector<std::string>& secrets, const retry::RetryPolicy& policy,
                simdjson::dom::parser& json, const LoopClock& clock) {
  result.outcome = retry::ClassifyStatus(policy, result.status);
  if (result.status < 300) {
    result.completion = ReadCompletion(result.body, json);
    if (WasCut(response, result.completion)) {
      return SetFault(result, Fault::kTruncated,
                      fmt::format("the connection was closed after {} bytes of a body that is no whole JSON",
                                  result.body.size()));
    }
    if (!result.completion.is_error) return;
    SetFault(result, Fault::kErrorBody,
             "a success with an error for a body: " + ErrorExcerpt(response, result.body, secrets, json));
  } else if (result.status < 400) {
    result.responded = false;
    result.code = "upstream_invalid";
    result.error =
        fmt::format("the provider redirects ({}) to {}: set its url to where it answers", result.status,
                    MaskedExcerpt(response.Header("location").value_or("nowhere"), secrets));
    result.status = 502;
  } else {
    result.code = "upstream_error";
    result.error = ErrorExcerpt(response, result.body, secrets, json);
    if (result.error.empty()) result.error = fmt::format("status {}", result.status);
  }
  result.retry_after = RetryAfterOf(response, clock);
}

// What comes of an error's body within its time, which is as good as all of it.
Task<UpstreamResult> ReadErrorBody(Worker& worker, const ChatCall& call, UpstreamExchange& exchange,
                                   BodyBuffer& body) {
  Deadline limit(worker.wheel, [&call] { call.interrupt.Fire(InterruptReason::kErrorBodyTimeout); });
  limit.ArmAfter(kErrorBodyTime);
  UpstreamResult read = co_await exchange.ReadBody(body);
  if (read.interrupted && call.interrupt.reason() == InterruptReason::kErrorBodyTimeout)
    read.interrupted = false;
  co_return read;
}

// A stream whose beginning has been read and judged. Its error event is answered like an error in a 200.
void SetStreamHead(AttemptResult& result, const StreamHead& head, const ResponseParser& response,
                   const std::vector<std::string>& secrets, const LoopClock& clock) {
  switch (head.state()) {
    case StreamHead::State::kBegun:
    case StreamHead::State::kDone:
      result.outcome = Outcome::kAnswered;
      result.is_stream = true;
      return;
    case StreamHead::State::kError:
      SetFault(result, Fault::kErrorBody, "an error event: " + MaskedExcerpt(head.error_message(), secrets));
      result.responded = true;
      result.retry_after = RetryAfterOf(response, clock);
      result.body.Clear();
      result.body.Append(head.data());
      result.fields = WithoutField(WithoutField(result.fields, "content-type"), "content-encoding");
      AddField(result.fields, "content-type", "application/json");
      return;
    case StreamHead::State::kMalformed:
      return SetFault(result, Fault::kUnreadable,
                      "an event that is no JSON object: " + MaskedExcerpt(head.data(), secrets));
    case StreamHead::State::kOpen:
    case StreamHead::State::kCut:
      break;
  }
  SetFault(result, Fault::kTruncated,
           "the stream ended without an end marker and without every finish_reason");
}

// Reads the events up to the first that carries something, or until there is none.
Task<> ReadStreamHead(Worker& worker, const ChatCall& call, const Upstream& upstream,
                      UpstreamExchange& exchange, uint64_t choices, AttemptResult& result) {
  StreamHead head(ShapeOf(choices, exchange.response()), worker.json);
  for (bool ended = false; head.state() == StreamHead::State::kOpen;) {
    const UpstreamResult read = co_await exchange.ReadSome(result.body, ended);
    const auto state = head.Look(result.body.view(), ended);
    // What broke right behind its first token is not begun with: nothing of it has been sent.
    if (state == StreamHead::State::kOpen || state == StreamHead::State::kBegun) {
      if (SetFailed(result, read, call, call.setup().retry)) co_return;
    }
  }
  SetStreamHead(result, head, exchange.response(), upstream.secrets, worker.clock);
}

}  // namespace

BodyChanges ChangesFor(const ProviderConfig& provider, const ChatRequest& request) {
  BodyChanges changes;
  if (const auto name = provider.model_names.find(request.model); name != provider.model_names.end()) {
    changes.model = &name->second;
  }
  changes.include_usage = request.stream && provider.stream_usage && !request.include_usage;
  return changes;
}

Task<> MakeAttempt(Worker& worker, const ChatCall& call, const ChatRequest& request, const Upstream& upstream,
                   UpstreamExchange& exchange, AttemptResult& result) {
  const RetryConfig& config = call.setup().retry;
  Deadline limit(worker.wheel, [&] { call.interrupt.Fire(InterruptReason::kAttemptTimeout); });
  if (config.attempt_timeout.count() > 0) limit.ArmAfter(config.attempt_timeout);

  std::string replacements;
  const BodyPlaces* const places = request.places ? &*request.places : nullptr;
  const auto pieces = SpliceBody(call.body, ChangesFor(upstream.config, request), replacements, places);
  const std::string fields = RequestFieldsPassedOn(call.head, call.request_id, upstream.config.headers);
  const auto begun = co_await exchange.Begin({fields, pieces});
  if (SetFailed(result, begun, call, config)) co_return;

  const ResponseParser& response = exchange.response();
  result.status = response.status();
  result.fields = ResponseFieldsPassedOn(response, upstream.secrets);
  if (request.stream && IsEventStream(response)) {
    if (IsEncoded(response)) {
      SetFault(result, Fault::kUnreadable, "the stream has a content-encoding, though none was asked for");
      co_return;
    }
    result.body = BodyBuffer(kMaxEventBytes);
    if (config.streaming == StreamingRetry::kBeforeFirstToken) {
      co_await ReadStreamHead(worker, call, upstream, exchange, request.choices, result);
    } else {
      result.outcome = Outcome::kAnswered;
      result.is_stream = true;
    }
    co_return;
  }
  UpstreamResult read;
  if (result.status < 300) {
    read = co_await exchange.ReadBody(result.body);
  } else {
    read = co_await ReadErrorBody(worker, call, exchange, result.body);
  }
  if (SetFailed(result, read, call, config)) co_return;
  result.responded = true;
  // By the policy of plain requests, whose statuses are a stream's too.
  ReadAnswer(result, response, upstream.secrets, call.setup().retry_policy, worker.json, worker.clock);
  exchange.Finish();
}

}  // namespace arbstr::proxy
