#include "proxy/net/resolver.h"

#include <boost/asio/post.hpp>
#include <utility>

#include "proxy/net/event.h"

namespace arbstr::proxy {

struct Resolver::Waiter {
  explicit Waiter(Executor e) : executor(e), event(e) {}
  Executor executor;
  Event event;
  bool done = false;
  Answer answer;
};

// Ends a wait with the coroutine that waits: its loop may be gone when a slow lookup is done.
class Resolver::Waiting {
 public:
  Waiting(Resolver& resolver, std::string host, std::shared_ptr<Waiter> waiter)
      : resolver_(resolver), host_(std::move(host)), waiter_(std::move(waiter)) {}
  Waiting(const Waiting&) = delete;
  ~Waiting() {
    const std::lock_guard lock(resolver_.mutex_);
    std::erase(resolver_.entries_[host_].waiters, waiter_);
  }

 private:
  Resolver& resolver_;
  const std::string host_;
  const std::shared_ptr<Waiter> waiter_;
};

Resolver::Resolver(Lookup lookup, std::chrono::seconds fresh) : lookup_(std::move(lookup)), fresh_(fresh) {}

Resolver::~Resolver() {
  threads_.stop();
  threads_.join();
}

Resolver::Answer Resolver::SystemLookup(const std::string& host) {
  asio::io_context context;
  asio::ip::tcp::resolver resolver(context);
  Answer answer;
  const auto found = resolver.resolve(host, "", answer.error);
  for (const auto& entry : found) answer.addresses.push_back(entry.endpoint().address());
  if (!answer.error && answer.addresses.empty()) answer.error = asio::error::host_not_found;
  return answer;
}

namespace {

// Made outside the coroutine: temporaries braced inside one are destroyed twice by g++ 12.
Resolver::Answer Found(const asio::ip::address& literal) { return {{}, {literal}}; }
Resolver::Answer Aborted() { return {asio::error::operation_aborted, {}}; }

}  // namespace

Task<Resolver::Answer> Resolver::Resolve(std::string host, Interrupt& interrupt) {
  ErrorCode not_literal;
  const auto literal = asio::ip::make_address(host, not_literal);
  if (!not_literal) co_return Found(literal);

  const Executor executor = co_await CurrentExecutor();
  std::shared_ptr<Waiter> waiter;
  {
    std::lock_guard lock(mutex_);
    Entry& entry = entries_[host];
    const bool stale = std::chrono::steady_clock::now() >= entry.fresh_until;
    if (stale && !entry.under_way) StartLookup(host, entry);
    if (!entry.answer.addresses.empty()) co_return entry.answer;
    waiter = std::make_shared<Waiter>(executor);
    entry.waiters.push_back(waiter);
  }
  const Waiting waiting(*this, host, waiter);
  while (!waiter->done && !interrupt.fired()) co_await waiter->event.Wait();
  if (!waiter->done) co_return Aborted();
  co_return waiter->answer;
}

void Resolver::Forget(const std::string& host) {
  std::lock_guard lock(mutex_);
  const auto it = entries_.find(host);
  if (it == entries_.end()) return;
  it->second.answer.addresses.clear();
  it->second.fresh_until = {};
}

void Resolver::StartLookup(const std::string& host, Entry& entry) {
  entry.under_way = true;
  asio::post(threads_, [this, host] { Finish(host, lookup_(host)); });
}

void Resolver::Finish(const std::string& host, Answer answer) {
  const std::lock_guard lock(mutex_);
  Entry& entry = entries_[host];
  entry.under_way = false;
  // A name that once resolved keeps its addresses while its name server is down.
  if (!answer.error) {
    entry.answer = answer;
    entry.fresh_until = std::chrono::steady_clock::now() + fresh_;
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
