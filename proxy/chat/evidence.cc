#include "proxy/chat/evidence.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <memory>

#include "proxy/chat/excerpt.h"
#include "proxy/chat/request_line.h"
#include "proxy/chat/request_numbers.h"
#include "proxy/chat/trace_context.h"
#include "proxy/http/cut_status.h"
#include "proxy/net/deadline_wheel.h"
#include "proxy/net/event.h"

namespace arbstr::proxy {
namespace {

// Callers bound what they quote from others; this is the backstop for one that does not.
constexpr std::size_t kMaxErrorBytes = 2048;
constexpr std::chrono::seconds kRoomWait{1};
constexpr std::chrono::milliseconds kRoomPoll{10};

struct Commit {
  explicit Commit(Executor e) : executor(e), event(e) {}
  Executor executor;
  Event event;
  bool done = false;
};

std::string_view TraceOf(const RequestParser& head) {
  const auto parent = head.Header("traceparent");
  return parent && head.HeaderCount("traceparent") == 1 ? TraceIdOf(*parent) : std::string_view();
}

}  // namespace

Task<bool> Evidence::AwaitRoom(Worker& worker, Interrupt& interrupt, Clock::time_point latest) {
  auto& log = *worker.gateway.log;
  const auto until = std::min(worker.clock.Now() + kRoomWait, latest);
  Event tick(worker.loop.get_executor());
  Deadline poll(worker.wheel, [&] { tick.Notify(); });
  while (!interrupt.fired() && worker.clock.Now() < until) {
    poll.ArmAfter(kRoomPoll);
    co_await tick.Wait();
    // A cancelled request must not take the room.
    if (!interrupt.fired() && log.TryReserve()) co_return true;
  }
  co_return false;
}

Evidence::Evidence(Worker& worker, const ChatCall& call, const ChatRequest& request)
    : worker_(worker),
      interrupt_(call.interrupt),
      arrived_(call.arrived),
      listed_model_(call.setup().router.Lists(request.model)),
      streaming_(request.stream),
      trace_id_(TraceOf(call.head)),
      attempt_log_(call.arrived) {
  row_.correlation_id = call.request_id;
  row_.timestamp = call.timestamp;
  row_.model = request.model;
  row_.streaming = request.stream;
  worker_.metrics.in_flight.Add(1);
}

Evidence::~Evidence() {
  worker_.metrics.in_flight.Add(-1);
  if (!written_) {
    row_.latency_ms = MillisSinceArrival();
    Complete();
    worker_.gateway.log->Append(std::move(row_));
  }
  if (!timed_) CountTime();
}

void Evidence::SetUsage(const router::Provider& provider, const std::optional<router::Usage>& usage,
                        const std::optional<double>& total_cost) {
  row_.provider_cost_sats = total_cost;
  if (!usage) return;
  row_.input_tokens = usage->input_tokens;
  row_.output_tokens = usage->output_tokens;
  row_.cost_sats = router::CostSats(provider, *usage);
}

void Evidence::SetFailure(int status, std::string message) {
  row_.success = false;
  row_.error_status = status;
  row_.error_message =
      message.size() > kMaxErrorBytes ? CutText(message, kMaxErrorBytes) : std::move(message);
}

int64_t Evidence::MillisSinceArrival() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(worker_.clock.Now() - arrived_).count();
}

void Evidence::AnswerBegins() { AnswerBegins(worker_.clock.Now()); }

void Evidence::AnswerBegins(Clock::time_point now) {
  if (!overhead_) overhead_ = now - arrived_ - waited_;
}

void Evidence::Complete() {
  written_ = true;
  if (row_.success) {
    row_.error_status.reset();
    row_.error_message.reset();
  } else if (!row_.error_status) {
    SetFailure(kNoAnswerStatus, "the request ended without an answer");
  }
  if (attempt_log_.last_provider() != nullptr) row_.provider = *attempt_log_.last_provider();
  row_.attempts = attempt_log_.attempts();
  if (attempt_log_.any_failed()) row_.retries = attempt_log_.Retries();
  if (attempt_log_.TellsMoreThanTheRow()) row_.attempt_log = attempt_log_.Json();
  CountRequest(worker_.metrics, row_, listed_model_);
  if (!spdlog::should_log(spdlog::level::info)) return;
  spdlog::default_logger_raw()->log(
      spdlog::level::info,
      RequestLine(worker_.gateway.config.logging.format, row_, attempt_log_, skipped_, trace_id_));
}

void Evidence::CountTime() {
  timed_ = true;
  const auto now = worker_.clock.Now();
  AnswerBegins(now);
  CountRequestTime(worker_.metrics, streaming_, *overhead_, now - arrived_);
}

Task<bool> Evidence::Write() {
  Complete();
  auto& log = *worker_.gateway.log;
  if (worker_.gateway.config.database.durability == Durability::kGroup) {
    log.Append(std::move(row_));
    CountTime();
    co_return true;
  }
  auto commit = std::make_shared<Commit>(worker_.loop.get_executor());
  log.Append(std::move(row_), [commit] {
    asio::post(commit->executor, [commit] {
      commit->done = true;
      commit->event.Notify();
    });
  });
  while (!commit->done && interrupt_.reason() < InterruptReason::kClientGone) {
    co_await commit->event.Wait();
  }
  CountTime();
  co_return commit->done;
}

}  // namespace arbstr::proxy
