#include "mock_provider/mock_provider.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <thread>
#include <utility>

#include "mock_provider/scenario_file/scenario_parser.h"
#include "mock_provider/server.h"

namespace mock_provider {

namespace asio = boost::asio;

// The io_context, its thread, and the server that only that thread touches.
class MockProvider::Runner {
 public:
  Runner() : server_(io_), work_(asio::make_work_guard(io_)) {}

  ~Runner() {
    asio::post(io_, [this] { server_.Stop(); });
    work_.reset();
    if (thread_.joinable()) {
      thread_.join();
    } else {
      io_.run();
    }
  }

  // Before Run, from the caller's thread.
  Server& server() { return server_; }
  void Run() {
    thread_ = std::thread([this] { io_.run(); });
  }

  // Runs the call on the server's thread and returns what it returns.
  template <typename Call>
  auto On(Call call) {
    // Shared: the caller may be back before the server's thread has let go of the task.
    auto task =
        std::make_shared<std::packaged_task<decltype(call(server_))()>>([&] { return call(server_); });
    auto result = task->get_future();
    asio::post(io_, [task] { (*task)(); });
    return result.get();
  }

  class Journal& journal() {
    return server_.journal();
  }

 private:
  asio::io_context io_{1};
  Server server_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::thread thread_;
};

MockProvider::MockProvider(std::unique_ptr<Runner> runner) : runner_(std::move(runner)) {}
MockProvider::~MockProvider() = default;

absl::StatusOr<std::unique_ptr<MockProvider>> MockProvider::Start(const Scenario& scenario) {
  return Start(scenario, Options());
}

absl::StatusOr<std::unique_ptr<MockProvider>> MockProvider::Start(const Scenario& scenario,
                                                                  const Options& options) {
  auto runner = std::make_unique<Runner>();
  if (options.observer) runner->journal().Observe(*options.observer);
  if (absl::Status applied = runner->server().Apply(scenario); !applied.ok()) return applied;
  if (options.admin_listen) {
    if (absl::Status opened = runner->server().OpenAdmin(*options.admin_listen); !opened.ok()) return opened;
  }
  runner->server().StartClock(options.frozen);
  runner->Run();
  return std::unique_ptr<MockProvider>(new MockProvider(std::move(runner)));
}

absl::StatusOr<std::unique_ptr<MockProvider>> MockProvider::StartJson(const std::string& scenario) {
  return StartJson(scenario, Options());
}

absl::StatusOr<std::unique_ptr<MockProvider>> MockProvider::StartJson(const std::string& scenario,
                                                                      const Options& options) {
  const auto parsed = ParseScenario(scenario);
  if (!parsed.ok()) return parsed.status();
  return Start(*parsed, options);
}

absl::Status MockProvider::Stop() {
  constexpr std::chrono::seconds kPatience(5);
  runner_->On([](Server& server) { server.Stop(); });
  const bool ended = runner_->journal().WaitForEnds(kPatience);
  runner_->On([](Server&) {});  // the last to end is through with what it notes
  if (ended) return absl::OkStatus();
  return absl::DeadlineExceededError(
      "some answers did not come to their end: their entries are not complete");
}

std::vector<MockProvider::ProviderUrl> MockProvider::Urls() const {
  return runner_->On([](Server& server) { return server.Urls(); });
}

std::string MockProvider::Url(const std::string& provider) const {
  for (ProviderUrl& known : Urls()) {
    if (known.name == provider) return std::move(known.url);
  }
  return "";
}

std::uint16_t MockProvider::port(const std::string& provider) const {
  const std::string url = Url(provider);
  return url.empty() ? 0 : static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
}

std::uint16_t MockProvider::admin_port() const {
  return runner_->On([](Server& server) { return server.admin_port(); });
}

std::string MockProvider::AdminUrl() const {
  return runner_->On([](Server& server) { return server.AdminUrl(); });
}

std::string MockProvider::CaPem() const {
  return runner_->On([](Server& server) { return server.CaPem().value_or(""); });
}

std::vector<JournalEntry> MockProvider::Journal() const { return runner_->journal().Entries(); }
std::uint64_t MockProvider::JournalTotal() const { return runner_->journal().total(); }
void MockProvider::ClearJournal() { runner_->journal().Clear(); }

bool MockProvider::WaitForJournal(
    std::chrono::milliseconds timeout,
    const std::function<bool(const std::vector<JournalEntry>&)>& predicate) const {
  return runner_->journal().WaitFor(timeout, predicate);
}

bool MockProvider::WaitForTotal(std::chrono::milliseconds timeout, std::uint64_t total) const {
  return runner_->journal().WaitForTotal(timeout, total);
}

absl::Status MockProvider::SetScenario(const std::string& scenario) {
  const auto parsed = ParseScenario(scenario);
  return parsed.ok() ? SetScenario(*parsed) : parsed.status();
}

absl::Status MockProvider::SetScenario(const Scenario& scenario) {
  return runner_->On([&](Server& server) { return server.Apply(scenario); });
}

void MockProvider::Reset() {
  runner_->On([](Server& server) { server.Reset(); });
}

void MockProvider::FreezeClock() {
  runner_->On([](Server& server) { server.clock().Freeze(); });
}

void MockProvider::RunClock() {
  runner_->On([](Server& server) { server.clock().Run(); });
}

void MockProvider::AdvanceClock(std::chrono::milliseconds by) {
  runner_->On([by](Server& server) { server.clock().Advance(static_cast<double>(by.count())); });
}

double MockProvider::ClockMs() const {
  return runner_->On([](Server& server) { return server.clock().NowMs(); });
}

void MockProvider::RestartClock() {
  runner_->On([](Server& server) { server.StartClock(false); });
}

}  // namespace mock_provider
