#include "mock_provider/server.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "mock_provider/http/listen_address.h"
#include "mock_provider/http/tls_contexts.h"
#include "mock_provider/upstream/upstream_target.h"

namespace mock_provider {

namespace asio = boost::asio;

namespace {

bool HasRule(const Provider& provider, const std::string& name) {
  return std::any_of(provider.rules.begin(), provider.rules.end(),
                     [&](const Rule& rule) { return rule.name == name; });
}

bool HasFixedPort(const std::string& listen) { return !listen.empty() && !listen.ends_with(":0"); }

// Null where the provider makes its answers up.
absl::StatusOr<std::shared_ptr<const UpstreamTarget>> UpstreamFor(const Scenario& scenario,
                                                                  std::size_t index) {
  const Provider& provider = scenario.providers[index];
  if (!provider.upstream) return nullptr;
  auto target = MakeUpstreamTarget(*provider.upstream, provider.dialect);
  if (target.ok()) return target;
  return absl::InvalidArgumentError(
      fmt::format("providers[{}].{}", index, std::string(target.status().message())));
}

// A request would go round in the mock until no descriptors were left.
absl::Status RefuseRings(const Scenario& scenario,
                         const std::vector<std::shared_ptr<const UpstreamTarget>>& upstreams,
                         const std::vector<std::shared_ptr<ProviderListener>>& listeners) {
  const auto next = [&](std::size_t at) {
    const UpstreamTarget* const target = upstreams[at].get();
    return std::find_if(listeners.begin(), listeners.end(), [&](const auto& listener) {
      return target && listener->IsReachedBy(target->url.host, target->url.port);
    });
  };
  for (std::size_t first = 0; first < listeners.size(); ++first) {
    std::size_t at = first;
    for (std::size_t step = 0; step < listeners.size() && next(at) != listeners.end(); ++step) {
      at = static_cast<std::size_t>(next(at) - listeners.begin());
      if (at != first) continue;
      return absl::InvalidArgumentError(
          fmt::format("provider {}: its upstream leads back to it, so that nobody would answer",
                      scenario.providers[first].name));
    }
  }
  return absl::OkStatus();
}

}  // namespace

Server::Server(boost::asio::io_context& io) : io_(io), state_(io.get_executor()) {}

absl::Status Server::OpenAdmin(const std::string& listen) {
  auto admin = std::make_shared<AdminListener>(io_.get_executor(), *this);
  if (absl::Status opened = admin->Open(listen); !opened.ok()) return opened;
  admin_ = std::move(admin);
  return absl::OkStatus();
}

void Server::Stop() {
  if (admin_) admin_->Stop();
  for (const Listener& listener : listeners_) listener->Stop();
}

std::vector<Server::Listener>::const_iterator Server::Reusable(const Provider& provider,
                                                               const std::vector<Listener>& from) const {
  const auto address = ParseListenAddress(provider.listen);
  return std::find_if(from.begin(), from.end(), [&](const Listener& listener) {
    if (HasFixedPort(provider.listen)) return address.ok() && listener->IsAt(*address);
    // Who names no port stays where its clients know it to be.
    const bool same_host = provider.listen.empty() || (address.ok() && listener->IsOn(address->host));
    return same_host && listener->host().provider.name == provider.name;
  });
}

absl::StatusOr<std::string> Server::CaPem() {
  if (!authority_) {
    auto made = CertificateAuthority::Make();
    if (!made.ok()) return made.status();
    authority_.emplace(*std::move(made));
  }
  return authority_->pem();
}

// Null where the provider shows no certificate.
absl::StatusOr<std::shared_ptr<asio::ssl::context>> Server::ContextFor(const Provider& provider) {
  if (!provider.tls || provider.tls->handshake != Tls::Handshake::kNormal) return nullptr;
  if (const auto made = CaPem(); !made.ok()) return made.status();
  const auto address = ParseListenAddress(provider.listen.empty() ? "127.0.0.1:0" : provider.listen);
  if (!address.ok()) return address.status();
  const auto identity = authority_->Issue(provider.tls->certificate, address->host, provider.tls->names);
  if (!identity.ok()) return identity.status();
  return ServerContext(*identity);
}

absl::StatusOr<Server::Prepared> Server::Prepare(const Scenario& scenario) {
  Prepared prepared;
  for (std::size_t i = 0; i < scenario.providers.size(); ++i) {
    auto upstream = UpstreamFor(scenario, i);
    if (!upstream.ok()) return upstream.status();
    prepared.upstreams.push_back(*std::move(upstream));
    auto context = ContextFor(scenario.providers[i]);
    if (!context.ok()) return context.status();
    prepared.contexts.push_back(*std::move(context));
  }
  return prepared;
}

absl::Status Server::OpenListeners(const Scenario& scenario, Listeners& listeners) {
  listeners.left = listeners_;
  for (const Provider& provider : scenario.providers) {
    if (const auto reused = Reusable(provider, listeners.left); reused != listeners.left.end()) {
      listeners.all.push_back(*reused);
      listeners.left.erase(reused);
      continue;
    }
    auto host = std::make_shared<ProviderHost>(scenario.seed, provider);
    auto opened = std::make_shared<ProviderListener>(io_.get_executor(), state_, std::move(host));
    listeners.all.push_back(opened);
    listeners.opened.push_back(opened);
    if (absl::Status status = opened->Open(); !status.ok()) return status;
  }
  return absl::OkStatus();
}

void Server::Install(Scenario scenario, Prepared prepared) {
  seed_ = scenario.seed;
  for (std::size_t i = 0; i < listeners_.size(); ++i) {
    ProviderHost& host = listeners_[i]->host();
    host = ProviderHost(seed_, std::move(scenario.providers[i]));
    host.upstream = std::move(prepared.upstreams[i]);
    host.tls = std::move(prepared.contexts[i]);
    listeners_[i]->FollowSchedule();
  }
}

absl::Status Server::Apply(Scenario scenario) {
  auto prepared = Prepare(scenario);
  if (!prepared.ok()) return prepared.status();
  Listeners listeners;
  absl::Status status = OpenListeners(scenario, listeners);
  if (status.ok()) status = RefuseRings(scenario, prepared->upstreams, listeners.all);
  for (const Listener& unwanted : status.ok() ? listeners.left : listeners.opened) unwanted->Stop();
  if (!status.ok()) return status;
  listeners_ = std::move(listeners.all);
  Install(std::move(scenario), *std::move(prepared));
  return absl::OkStatus();
}

Scenario Server::CurrentScenario() const {
  Scenario scenario;
  scenario.seed = seed_;
  for (const Listener& listener : listeners_) scenario.providers.push_back(listener->host().provider);
  return scenario;
}

absl::StatusOr<std::string> Server::AddRule(Rule rule, const std::string& provider) {
  std::vector<ProviderHost*> hosts;
  for (const Listener& listener : listeners_) {
    if (provider.empty() || listener->host().provider.name == provider) hosts.push_back(&listener->host());
  }
  if (hosts.empty()) return absl::NotFoundError(fmt::format("no provider is called \"{}\"", provider));
  const auto taken = [&](const std::string& name) {
    return std::any_of(hosts.begin(), hosts.end(),
                       [&](ProviderHost* host) { return HasRule(host->provider, name); });
  };
  for (std::size_t i = 0; rule.name.empty(); ++i) {
    if (const std::string name = fmt::format("rule-{}", i); !taken(name)) rule.name = name;
  }
  if (taken(rule.name))
    return absl::AlreadyExistsError(fmt::format("a rule is called \"{}\" already", rule.name));
  for (ProviderHost* host : hosts) {
    host->provider.rules.insert(host->provider.rules.begin(), rule);
    host->rules.AddFirst(rule);
  }
  return rule.name;
}

absl::Status Server::RemoveRule(const std::string& name, const std::string& provider) {
  bool found = false;
  for (const Listener& listener : listeners_) {
    ProviderHost& host = listener->host();
    if (!provider.empty() && host.provider.name != provider) continue;
    if (!HasRule(host.provider, name)) continue;
    found = true;
    std::erase_if(host.provider.rules, [&](const Rule& rule) { return rule.name == name; });
    host.rules.Remove(name);
  }
  return found ? absl::OkStatus() : absl::NotFoundError(fmt::format("no rule is called \"{}\"", name));
}

void Server::StartClock(bool frozen) {
  starts_frozen_ = frozen;
  if (frozen) {
    state_.clock.Freeze();
  } else {
    state_.clock.Run();
  }
  state_.clock.Restart();
  for (const Listener& listener : listeners_) listener->FollowSchedule();
}

void Server::Reset() {
  StartClock(starts_frozen_);
  state_.journal.Clear();
  for (const Listener& listener : listeners_) listener->host().Reset();
}

std::vector<ProviderUrl> Server::Urls() const {
  std::vector<ProviderUrl> urls;
  for (const Listener& listener : listeners_)
    urls.push_back({listener->host().provider.name, listener->Url()});
  return urls;
}

}  // namespace mock_provider
