#include "proxy/chat/evidence.h"

#include <spdlog/spdlog.h>

#include <boost/asio/post.hpp>
#include <memory>

#include "proxy/chat/excerpt.h"
#include "proxy/chat/request_line.h"
#include "proxy/chat/trace_context.h"
#include "proxy/net/deadline_wheel.h"
#include "proxy/net/event.h"

namespace arbstr::proxy {
namespace {

// Who writes a message quotes only so much of what others said. This holds whoever forgets to.
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

Task<bool> Evidence::Reserve(Worker& worker, Interrupt& interrupt) {
  auto& log = *worker.gateway.log;
  if (log.TryReserve()) co_return true;
  const auto until = worker.clock.Now() + kRoomWait;
  Event tick(worker.loop.get_executor());
  Deadline poll(worker.wheel, [&] { tick.Notify(); });
  while (!interrupt.fired() && worker.clock.Now() < until) {
    poll.ArmAfter(kRoomPoll);
    co_await tick.Wait();
    // Whom nobody waits for any more must not take the room, let alone ask a provider.
    if (!interrupt.fired() && log.TryReserve()) co_return true;
  }
  co_return false;
}

Evidence::Evidence(Worker& worker, const ChatCall& call, const ChatRequest& request)
    : worker_(worker),
      interrupt_(call.interrupt),
      arrived_(call.arrived),
      listed_model_(call.setup().router.Lists(request.model)),
      trace_id_(TraceOf(call.head)),
      trail_(call.arrived) {
  row_.correlation_id = call.request_id;
  row_.timestamp = call.timestamp;
  row_.model = request.model;
  row_.streaming = request.stream;
  worker_.metrics.in_flight.Add(1);
}

Evidence::~Evidence() {
  worker_.metrics.in_flight.Add(-1);
  if (written_) return;
  Complete();
  worker_.gateway.log->Append(std::move(row_));
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

// Counts the row, with the labels that it will have in the log.
void Evidence::Count() {
  LoopMetrics& metrics = worker_.metrics;
  const auto now = worker_.clock.Now();
  AnswerBegins(now);
  metrics.overhead.Observe(*overhead_);
  (row_.streaming ? metrics.stream_duration : metrics.plain_duration).Observe(now - arrived_);
  const std::string_view provider = row_.provider ? std::string_view(*row_.provider) : kNoProvider;
  metrics.requests
      .At({provider, listed_model_ ? std::string_view(row_.model) : kOtherModel, row_.status(),
           row_.streaming})
      .Add();
  if (!row_.provider) return;
  ProviderMetrics& numbers = metrics.providers.At(*row_.provider);
  numbers.input_tokens.Add(static_cast<uint64_t>(row_.input_tokens.value_or(0)));
  numbers.output_tokens.Add(static_cast<uint64_t>(row_.output_tokens.value_or(0)));
  numbers.cost_sats.Add(row_.cost_sats.value_or(0));
}

void Evidence::Complete() {
  written_ = true;
  if (row_.success) {
    row_.error_status.reset();
    row_.error_message.reset();
  } else if (!row_.error_status) {
    SetFailure(500, "the request ended without an answer");
  }
  if (trail_.last_provider() != nullptr) row_.provider = *trail_.last_provider();
  row_.attempts = trail_.attempts();
  if (trail_.any_failed()) {
    row_.retries = trail_.Retries();
    row_.attempt_log = trail_.Json();
  }
  Count();
  if (!spdlog::should_log(spdlog::level::info)) return;
  spdlog::default_logger_raw()->log(
      spdlog::level::info, RequestLine(worker_.gateway.config.logging.format, row_, trail_, trace_id_));
}

Task<bool> Evidence::Write() {
  Complete();
  auto& log = *worker_.gateway.log;
  if (worker_.gateway.config.database.durability == Durability::kGroup) {
    log.Append(std::move(row_));
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
  co_return commit->done;
}

}  // namespace arbstr::proxy
