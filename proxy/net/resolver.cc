#include "proxy/net/resolver.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "proxy/net/event.h"

namespace arbstr::proxy {

namespace {

// getaddrinfo takes it for a silent name server where the process has no descriptor to ask one.
ErrorCode WhyNoDescriptor() {
  const int descriptor = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return ErrorCode(errno, boost::system::system_category());
  ::close(descriptor);
  return {};
}

// Made outside the coroutine: temporaries braced inside one are destroyed twice by g++ 12.
Resolver::Answer Found(const asio::ip::address& literal) { return {{}, {literal}}; }
Resolver::Answer Failed(const ErrorCode& error) { return {error, {}}; }

}  // namespace

struct Resolver::Waiter {
  explicit Waiter(Executor e) : executor(e), event(e) {}
  Executor executor;
  Event event;
  bool done = false;
  Answer answer;
};

struct Resolver::Entry {
  using TimePoint = std::chrono::steady_clock::time_point;

  // Due also without a pause where there is nothing else to answer with.
  bool IsDue(TimePoint now, std::chrono::seconds pause) const {
    return !under_way && now >= fresh_until && (answer.addresses.empty() || now >= asked_at + pause);
  }

  void PutReachedFirst() {
    auto& addresses = answer.addresses;
    const auto at = std::ranges::find(addresses, reached);
    if (at != addresses.end()) std::rotate(addresses.begin(), at, at + 1);
  }

  Answer answer;
  TimePoint asked_at{};
  TimePoint fresh_until{};
  bool under_way = false;  // at most one lookup a name
  bool doubted = false;
  asio::ip::address reached;  // last
  std::vector<std::shared_ptr<Waiter>> waiters;
};

// All that the thread of a lookup touches.
struct Resolver::State {
  State(Lookup l, std::chrono::seconds f, std::chrono::seconds p)
      : lookup(std::move(l)), fresh(f), pause(p) {}

  void Finish(const std::string& host, const Answer& answer);

  const Lookup lookup;
  const std::chrono::seconds fresh;
  const std::chrono::seconds pause;
  std::mutex mutex;
  std::map<std::string, Entry> entries;  // one a configured provider: bounded by the configuration
};

// Ends a wait with the coroutine that waits: its loop may be gone when a slow lookup is done.
class Resolver::Waiting {
 public:
  Waiting(std::shared_ptr<State> state, std::string host, std::shared_ptr<Waiter> waiter)
      : state_(std::move(state)), host_(std::move(host)), waiter_(std::move(waiter)) {}
  Waiting(const Waiting&) = delete;
  ~Waiting() {
    const std::lock_guard lock(state_->mutex);
    std::erase(state_->entries[host_].waiters, waiter_);
  }

 private:
  const std::shared_ptr<State> state_;
  const std::string host_;
  const std::shared_ptr<Waiter> waiter_;
};

Resolver::Resolver(Lookup lookup, std::chrono::seconds fresh, std::chrono::seconds pause)
    : state_(std::make_shared<State>(std::move(lookup), fresh, pause)) {}

Resolver::~Resolver() {
  const std::lock_guard lock(state_->mutex);
  state_->entries.clear();
}

Resolver::Answer Resolver::SystemLookup(const std::string& host) {
  asio::io_context context;
  asio::ip::tcp::resolver resolver(context);
  Answer answer;
  const auto found = resolver.resolve(host, "", answer.error);
  for (const auto& entry : found) answer.addresses.push_back(entry.endpoint().address());
  if (!answer.error && answer.addresses.empty()) answer.error = asio::error::host_not_found;
  if (const ErrorCode why = answer.error ? WhyNoDescriptor() : ErrorCode()) answer.error = why;
  return answer;
}

Task<Resolver::Answer> Resolver::Resolve(std::string host, Interrupt& interrupt) {
  ErrorCode not_literal;
  const auto literal = asio::ip::make_address(host, not_literal);
  if (!not_literal) co_return Found(literal);

  const Executor executor = co_await CurrentExecutor();
  std::shared_ptr<Waiter> waiter;
  {
    const std::lock_guard lock(state_->mutex);
    Entry& entry = state_->entries[host];
    const ErrorCode error = LookUpIfDue(host, entry);
    if (!entry.answer.addresses.empty()) co_return entry.answer;
    if (error) co_return Failed(error);
    waiter = std::make_shared<Waiter>(executor);
    entry.waiters.push_back(waiter);
  }
  const Waiting waiting(state_, host, waiter);
  while (!waiter->done && !interrupt.fired()) co_await waiter->event.Wait();
  if (!waiter->done) co_return Failed(asio::error::operation_aborted);
  co_return waiter->answer;
}

void Resolver::Doubt(const std::string& host) {
  const std::lock_guard lock(state_->mutex);
  const auto it = state_->entries.find(host);
  if (it == state_->entries.end()) return;
  it->second.fresh_until = {};
  it->second.doubted = true;
  LookUpIfDue(host, it->second);
}

void Resolver::Trust(const std::string& host, const asio::ip::address& address) {
  const std::lock_guard lock(state_->mutex);
  const auto it = state_->entries.find(host);
  if (it == state_->entries.end()) return;
  it->second.doubted = false;
  it->second.reached = address;
  it->second.PutReachedFirst();
}

ErrorCode Resolver::LookUpIfDue(const std::string& host, Entry& entry) {
  const auto now = std::chrono::steady_clock::now();
  if (!entry.IsDue(now, state_->pause)) return {};
  try {
    std::thread([state = state_, host] { state->Finish(host, state->lookup(host)); }).detach();
  } catch (const std::system_error& error) {
    return ErrorCode(error.code().value(), boost::system::system_category());
  }
  entry.under_way = true;
  entry.asked_at = now;
  return {};
}

void Resolver::State::Finish(const std::string& host, const Answer& answer) {
  const std::lock_guard lock(mutex);
  Entry& entry = entries[host];
  entry.under_way = false;
  // A name that once resolved keeps its addresses while its name server is down. They are dropped where they
  // cannot be reached and a name server says that there is no such name.
  const bool gone = entry.doubted && answer.error == asio::error::host_not_found;
  if (!answer.error || gone) {
    entry.answer.addresses = answer.addresses;
    entry.PutReachedFirst();
    if (!gone) entry.fresh_until = std::chrono::steady_clock::now() + fresh;
    entry.doubted = false;
  }
  for (auto& waiter :
       std::exchange(entry.waiters, {})) {  // locked: a waiter's loop lives as long as its wait
    asio::post(waiter->executor, [waiter, answer] {
      waiter->answer = answer;
      waiter->done = true;
      waiter->event.Notify();
    });
  }
}

}  // namespace arbstr::proxy
