#include "proxy/server/gateway_server.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <latch>

#include "proxy/config/host.h"
#include "proxy/net/run_loop.h"
#include "proxy/net/spawned.h"
#include "proxy/server/session.h"

namespace arbstr::proxy {
namespace {

constexpr std::chrono::seconds kAbortTime{2};  // for requests that were cut to say so
constexpr std::chrono::seconds kRowsTime{10};  // for a database that is slow or locked
constexpr std::chrono::milliseconds kPoll{5};

}  // namespace

absl::StatusOr<std::unique_ptr<GatewayServer>> GatewayServer::Start(const Config& config) {
  auto socket = Listen(config.server.listen);
  if (!socket.ok()) return socket.status();
  auto setup = BuildSetup(config, nullptr);
  auto gateway = setup.ok() ? BuildGateway(config) : setup.status();
  if (!gateway.ok()) {
    ::close(socket->descriptor);
    return gateway.status();
  }
  std::unique_ptr<GatewayServer> server(
      new GatewayServer(*std::move(gateway), *std::move(setup), socket->endpoint));
  const absl::Status status = server->Serve(*socket);
  ::close(socket->descriptor);
  if (!status.ok()) return status;
  return server;
}

GatewayServer::GatewayServer(std::unique_ptr<Gateway> gateway, std::shared_ptr<const Setup> setup,
                             const asio::ip::tcp::endpoint& endpoint)
    : gateway_(std::move(gateway)), setup_(std::move(setup)), endpoint_(endpoint) {}

absl::Status GatewayServer::Serve(const ListeningSocket& socket) {
  const size_t count = EventLoopCount(gateway_->config.server.threads);
  for (size_t i = 0; i < count; ++i) {
    workers_.push_back(std::make_unique<Worker>(*gateway_, setup_));
    auto listener = Listener::Open(*workers_.back(), socket);
    if (!listener.ok()) return listener.status();
    listeners_.push_back(*std::move(listener));
  }
  for (auto& listener : listeners_) listener->Start();
  for (auto& worker : workers_) {
    keep_running_.emplace_back(worker->loop.get_executor());
    threads_.emplace_back([&loop = worker->loop] {
      RunLoop(loop, [](const std::exception& failure) {
        spdlog::error("an event loop goes on after an exception: {}", failure.what());
      });
    });
  }
  return absl::OkStatus();
}

GatewayServer::~GatewayServer() {
  StopLoops();
  gateway_->log->Drain(std::chrono::milliseconds(0));
  gateway_->log_queries->Stop();  // its answers go to the loops, which end next; likewise
  gateway_->page_maker.join();
  gateway_->body_reader.join();
}

std::string GatewayServer::address() const {
  return HostAndPort(endpoint_.address().to_string(), endpoint_.port());
}

template <typename Action>
void GatewayServer::OnEachWorker(Action action) {
  for (size_t i = 0; i < workers_.size(); ++i) {
    asio::post(workers_[i]->loop, [this, i, action] { action(*workers_[i], *listeners_[i]); });
  }
}

template <typename Action>
void GatewayServer::OnEachWorkerNow(Action action) {
  std::latch done(static_cast<std::ptrdiff_t>(workers_.size()));
  OnEachWorker([&](Worker& worker, Listener& listener) {
    action(worker, listener);
    done.count_down();
  });
  done.wait();
}

absl::Status GatewayServer::Reload(const Config& config) {
  auto next = BuildSetup(config, setup_.get());
  if (!next.ok()) return next.status();
  setup_ = *std::move(next);
  OnEachWorkerNow([this](Worker& worker, Listener&) { worker.Adopt(setup_); });
  return absl::OkStatus();
}

size_t GatewayServer::Drain() {
  gateway_->draining = true;
  OnEachWorkerNow([](Worker& worker, Listener& listener) {
    listener.Close();
    const std::vector<Session*> sessions(worker.sessions.begin(), worker.sessions.end());
    for (Session* session : sessions) session->Drain();
  });
  // What had been accepted before, and was to be said to a loop, it has been told of by then.
  OnEachWorkerNow([](Worker&, Listener&) {});
  if (!AwaitNoConnections(gateway_->config.server.drain_timeout)) {
    spdlog::warn("{} connections are cut: server.drain_timeout_ms has passed", gateway_->connections.load());
    OnEachWorker([](Worker& worker, Listener&) {
      const std::vector<Session*> sessions(worker.sessions.begin(), worker.sessions.end());
      for (Session* session : sessions) session->Abort();
    });
    AwaitNoConnections(kAbortTime);
  }
  StopLoops();
  listeners_.clear();
  for (auto& worker : workers_) worker->pool.Clear();
  return gateway_->log->Drain(kRowsTime);
}

bool GatewayServer::AwaitNoConnections(std::chrono::milliseconds limit) {
  const auto until = std::chrono::steady_clock::now() + limit;
  while (gateway_->connections.load() > 0) {
    if (std::chrono::steady_clock::now() >= until) return false;
    std::this_thread::sleep_for(kPoll);
  }
  return true;
}

void GatewayServer::StopLoops() {
  keep_running_.clear();
  for (auto& worker : workers_) worker->loop.stop();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
  // Requests that have not ended end here, with their rows: after the log's end these would be lost.
  for (auto& worker : workers_) Spawned::DestroyAll(worker->loop);
}

}  // namespace arbstr::proxy
