#include "proxy/simulation/world.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <random>

namespace arbstr::proxy::simulation {

// Sees each row as soon as it is appended; takes it when the database works.
class World::Sink final : public request_log::Sink {
 public:
  explicit Sink(World& world) : world_(world) {}
  absl::Status Write(std::span<const request_log::Record> records) override {
    for (; world_.log_seen_ < records.size(); ++world_.log_seen_) world_.OnRow(records[world_.log_seen_]);
    if (!world_.log_works_) return absl::UnavailableError("simulated");
    if (world_.shared_.log_used == world_.shared_.log_capacity) {
      world_.shared_.log_full_at = world_.timeline_.now();
    }
    world_.shared_.log_used -= records.size();
    world_.log_seen_ = 0;
    return absl::OkStatus();
  }
  absl::StatusOr<bool> Maintain(std::chrono::system_clock::time_point) override { return false; }

 private:
  World& world_;
};

World::World(const Plan& plan)
    : plan_(plan),
      journal_(timeline_, plan.trace),
      chance_(plan.seed),
      shared_{timeline_, journal_},
      network_(timeline_, journal_, chance_,
               {[this](const Interrupt& interrupt) { return ModelOf(interrupt); },
                [this](int64_t number) { return ModelOf(number); }}) {
  const Config config = FirstConfig(chance_);
  shared_.settings = MakeSettings(config, nullptr);
  request_log::RequestLog::Options log;
  log.own_writer = false;
  log.capacity = shared_.log_capacity = static_cast<size_t>(chance_.OneOf({8, 30, 1000}));
  gateway_ = std::make_unique<Gateway>(
      config, std::make_unique<LogMetrics>(),
      std::make_unique<request_log::RequestLog>(std::make_unique<Sink>(*this), std::move(log)), nullptr);
  auto connector = std::make_unique<ConnectorTo>(network_);
  worker_ = std::make_unique<Worker>(*gateway_, shared_.settings->setup, LoopClock(timeline_.now()),
                                     std::move(connector));
  worker_->random.seed(chance_.Next());
  network_.Serve(worker_->loop.get_executor(), worker_->wheel);
  keep_running_.emplace(worker_->loop.get_executor());
  shared_.next_draw = [this] {
    std::mt19937_64 ahead = worker_->random;
    return std::uniform_real_distribution<double>(0, 1)(ahead);
  };
  client_world_.emplace(Client::World{
      timeline_, journal_, chance_, shared_, *worker_, [this] { WriteLog(); },
      [this] { return NextRequest(); },
      [this](const auto& request, const auto& client) { OnArrived(request, client); },
      [this](const RequestModel& request, const Answer& answer) { OnAnswered(request, answer); }});
  const auto count = chance_.OneOf({1, 4, 12, 40});
  for (int64_t i = 0; i < count; ++i) clients_.push_back(std::make_shared<Client>(*client_world_));
}

// What the gateway leaves behind it closes while there is still somebody to be told.
World::~World() {
  keep_running_.reset();
  worker_.reset();
}

Outcome World::Run() {
  for (const auto& client : clients_) client->Start();
  PlanTrouble();
  while (!journal_.failed() && !(drained_ && worker_->sessions.empty())) {
    Poll();
    CheckAtRest();
    if (!journal_.failed()) Step();
  }
  Poll();
  if (!journal_.failed()) CheckNothingIsLeft();
  outcome_.failure = journal_.failure();
  outcome_.hash = journal_.hash();
  outcome_.rows = tally_.rows();
  return outcome_;
}

// Until the gateway has nothing to do at this moment. The log is looked at after each thing it does, so that
// what happened is known in the order in which it happened.
void World::Poll() {
  worker_->loop.restart();
  while (worker_->loop.poll_one() > 0) WriteLog();
}

void World::WriteLog() {
  const size_t depth = gateway_->log->depth();
  if (depth == 0 || (!log_works_ && depth == log_seen_)) return;
  gateway_->log->WriteQueued();
}

void World::Step() {
  const auto outside = timeline_.next();
  const TimePoint wheel = worker_->wheel.wake_at();
  if (!outside && wheel == TimePoint::max()) return journal_.Fail(0, "nothing is ever going to happen again");
  if (!outside || wheel <= *outside) {
    timeline_.Advance(wheel);
    return worker_->wheel.FireExpired(timeline_.now());
  }
  timeline_.Advance(*outside);
  timeline_.RunNext();
  // Now and then more happens before the gateway gets to see any of it.
  while (timeline_.next() && chance_.Percent(5)) timeline_.RunNext();
}

void World::OnRow(const request_log::Record& row) {
  for (Served& served : served_) {
    const auto session = served.session.lock();
    const std::string& id = served.id.empty() && session ? session->request_id() : served.id;
    if (id != row.correlation_id) continue;
    RequestModel& request = *served.request;
    journal_.Note(request.client_request().number, "row", row.provider.value_or(""), row.status());
    request.RowWritten(row);
    tally_.Add(row, request.settings().setup->router.Lists(row.model));
    row_sats_ += row.cost_sats.value_or(0);
    outcome_.attempts += row.attempts;
    outcome_.successes += row.success ? 1 : 0;
    outcome_.streams += request.streamed() ? 1 : 0;
    outcome_.clients_gone += row.status() == 499 ? 1 : 0;
    outcome_.deadlines += row.status() == 504 ? 1 : 0;
    return;
  }
  journal_.Fail(0, "a row of no request: " + row.correlation_id);
}

void World::OnArrived(const std::shared_ptr<RequestModel>& request, const std::shared_ptr<Client>& client) {
  served_.push_back({request, client, client->session(), ""});
}

void World::OnAnswered(const RequestModel& request, const Answer& answer) {
  if (!request.row()) return;
  std::string said = answer.field("x-arbstr-cost-sats");
  const size_t comment = answer.body.find(": arbstr {\"cost_sats\":");
  if (request.streamed() && comment != answer.body.npos) said = answer.body.substr(comment + 22, 24);
  said_sats_ += std::strtod(said.c_str(), nullptr);
}

std::optional<ClientRequest> World::NextRequest() {
  if (shared_.draining || outcome_.requests >= plan_.requests) return std::nullopt;
  ClientRequest ask;
  ask.number = ++outcome_.requests;
  ask.model = chance_.OneOf({"m0", "m0", "m0", "m1", "m1", "m2", "m3"});
  ask.stream = chance_.Percent(35);
  ask.http_1_0 = chance_.Percent(4);
  ask.prompt = fmt::format("{} {}", chance_.Percent(10) ? "a function" : "a question", ask.number);
  if (ask.stream && chance_.Percent(30)) ask.include_usage = chance_.Percent(60);
  if (ask.stream) ask.choices = chance_.OneOf({1, 1, 1, 2, 3});
  if (chance_.Percent(8)) ask.policy = chance_.OneOf({"code", "frugal", "unheard-of"});
  if (chance_.Percent(10)) ask.deadline = std::to_string(chance_.Between(-1, 3000));
  ask.readable = !chance_.Percent(2);
  ask.body =
      fmt::format(R"({{"model":"{}","stream":{},"n":{}{},"messages":[{{"role":"user","content":"{}"}}]}})",
                  ask.model, ask.stream, ask.choices,
                  !ask.include_usage   ? ""
                  : *ask.include_usage ? R"(,"stream_options":{"include_usage":true})"
                                       : R"(,"stream_options":{"include_usage":false})",
                  ask.prompt);
  if (!ask.readable) ask.body.pop_back();
  return ask;
}

std::shared_ptr<RequestModel> World::ModelOf(const Interrupt& interrupt) const {
  for (const Served& served : served_) {
    const auto session = served.session.lock();
    if (session && &session->interrupt() == &interrupt &&
        served.request->phase() != RequestModel::Phase::kOver) {
      return served.request;
    }
  }
  return nullptr;
}

std::shared_ptr<RequestModel> World::ModelOf(int64_t number) const {
  for (const Served& served : served_) {
    if (served.request->client_request().number == number) return served.request;
  }
  return nullptr;
}

}  // namespace arbstr::proxy::simulation
