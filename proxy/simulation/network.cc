#include "proxy/simulation/network.h"

#include <fmt/format.h>

#include "proxy/net/event.h"
#include "proxy/simulation/provider_connection.h"

namespace arbstr::proxy::simulation {
namespace {

// What a connect waits for; the timeline may outlive the wait.
struct Connecting {
  explicit Connecting(Executor executor) : event(executor) {}
  Event event;
  bool settled = false;
};

ConnectResult Failed(ConnectFailure failure, std::string message) {
  ConnectResult result;
  result.failure = failure;
  result.message = std::move(message);
  return result;
}

}  // namespace

void Network::ChangeHealth() {
  for (auto& [host, health] : health_) {
    if (chance_.Percent(40)) health = static_cast<int>(chance_.OneOf({0, 20, 60, 90, 100}));
  }
}

ConnectScript Network::BeginConnect(const ConnectTarget& target, RequestModel& request) {
  const auto& providers = request.settings().config.providers;
  for (size_t i = 0; i < providers.size(); ++i) {
    if (providers[i].url.host != target.host) continue;
    journal_.Note(request.client_request().number, "connects to", providers[i].name);
    request.AttemptBegan(i);
  }
  const int health =
      health_.try_emplace(target.host, static_cast<int>(chance_.Between(50, 100))).first->second;
  return WriteConnectScript(health, chance_);
}

ConnectResult Network::Connected(const ConnectTarget& target) {
  auto line = std::make_shared<ProviderConnection>(*this, *executor_, target.host, ++connected_);
  lines_.emplace(connected_, line);
  ConnectResult result;
  result.stream = std::make_unique<ByteStream>(*executor_, std::make_unique<LineWire>(line->line()));
  return result;
}

Task<ConnectResult> Network::Connect(const ConnectTarget& target, std::chrono::milliseconds timeout,
                                     Interrupt& interrupt) {
  const std::shared_ptr<RequestModel> request = clients_.of_interrupt(interrupt);
  const ConnectScript script = BeginConnect(target, *request);
  const auto connecting = std::make_shared<Connecting>(*executor_);
  Deadline whole(*wheel_, [&] { interrupt.Fire(InterruptReason::kConnectTimeout); });
  whole.ArmAfter(timeout);
  if (script.takes != Duration::max()) {
    timeline_.After(script.takes, [connecting] {
      connecting->settled = true;
      connecting->event.Notify();
    });
  }
  while (!connecting->settled && !interrupt.fired()) co_await connecting->event.Wait();
  if (interrupt.fired()) {
    journal_.Note(request->client_request().number, "connects no longer");
    request->Dropped(true);
    co_return Failed(ConnectFailure::kInterrupted, "no connection was made in time");
  }
  if (script.fails) {
    journal_.Note(request->client_request().number, "is not connected");
    request->AttemptFailed();
    co_return Failed(ConnectFailure::kTcp, "cannot connect: refused");
  }
  co_return Connected(target);
}

}  // namespace arbstr::proxy::simulation
