#include "proxy/net/resolver.h"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <optional>
#include <string>
#include <thread>

namespace arbstr::proxy {
namespace {

using Answer = Resolver::Answer;
constexpr std::chrono::seconds kPatience{30};  // for what happens at once

constexpr std::chrono::seconds kLong{3600}, kNone{0};

Answer Addresses(const char* address) { return {{}, {asio::ip::make_address(address)}}; }
Answer Silence() { return {asio::error::host_not_found_try_again, {}}; }
Answer Failure() { return {asio::error::host_not_found, {}}; }

// A name server that answers when a test says so.
class FakeNames {
 public:
  Answer Lookup() {
    std::unique_lock lock(mutex_);
    ++asked_;
    changed_.notify_all();
    if (!changed_.wait_for(lock, kPatience, [&] { return !answers_.empty(); })) return Failure();
    Answer answer = std::move(answers_.front());
    answers_.pop_front();
    return answer;
  }
  void Give(Answer answer) {
    const std::lock_guard lock(mutex_);
    answers_.push_back(std::move(answer));
    changed_.notify_all();
  }
  bool AwaitAsked(int times) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return asked_ >= times; });
  }
  int asked() {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Answer> answers_;
  int asked_ = 0;
};

// One caller on a loop of its own, which runs only inside Await.
class Caller {
 public:
  explicit Caller(Resolver& resolver) : resolver_(resolver) {}

  void Ask(const std::string& host) {
    answer_.reset();
    proxy::Spawn(loop_.get_executor(), Run(resolver_, host, interrupt_, answer_), interrupt_.slot());
    loop_.poll();
  }
  bool Await() {
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (!answer_ && std::chrono::steady_clock::now() < until)
      loop_.run_one_for(std::chrono::milliseconds(50));
    return answer_.has_value();
  }
  bool answered() const { return answer_.has_value(); }
  // "error" or the addresses.
  std::string Text() const {
    if (!answer_) return "nothing";
    if (answer_->error) return answer_->error == asio::error::operation_aborted ? "aborted" : "error";
    std::string text;
    for (const auto& address : answer_->addresses) text += (text.empty() ? "" : " ") + address.to_string();
    return text;
  }
  Interrupt& interrupt() { return interrupt_; }
  void Poll() { loop_.poll(); }

 private:
  static Task<> Run(Resolver& resolver, std::string host, Interrupt& interrupt,
                    std::optional<Answer>& answer) {
    Answer got = co_await resolver.Resolve(std::move(host), interrupt);
    answer = std::move(got);
  }

  Resolver& resolver_;
  asio::io_context loop_{1};
  asio::executor_work_guard<Executor> keep_{loop_.get_executor()};
  Interrupt interrupt_;
  std::optional<Answer> answer_;
};

class ResolverTest : public testing::Test {
 protected:
  Resolver::Lookup Lookup() {
    return [names = names_](const std::string&) { return names->Lookup(); };
  }
  // The caller asks, and is told 10.0.0.1.
  bool Learn(Caller& caller) {
    caller.Ask("a.example");
    names_->Give(Addresses("10.0.0.1"));
    return caller.Await();
  }
  // Asks until there has been the lookup of that number, and is told 10.0.0.1 each time. The lookup before
  // may not be over yet: until it is, nothing begins another. `doubt`: each time, before it asks.
  void AskUntilLookup(
      int number, Caller& caller, const std::function<void()>& doubt = [] {}) {
    const auto until = std::chrono::steady_clock::now() + kPatience;
    do {
      doubt();
      caller.Ask("a.example");
      ASSERT_EQ(caller.Text(), "10.0.0.1");
      std::this_thread::yield();
    } while (names_->asked() < number && std::chrono::steady_clock::now() < until);
    ASSERT_EQ(names_->asked(), number);
  }
  // Until the caller is told so; asks again and again.
  static bool AwaitAnswer(Caller& caller, std::string_view text) {
    const auto until = std::chrono::steady_clock::now() + kPatience;
    do {
      caller.Ask("a.example");
      if (!caller.Await()) return false;
    } while (caller.Text() != text && std::chrono::steady_clock::now() < until);
    return caller.Text() == text;
  }

  // Lookups that nobody waits for any more share it.
  const std::shared_ptr<FakeNames> names_ = std::make_shared<FakeNames>();
};

TEST_F(ResolverTest, AnAddressLiteralIsAnsweredWithoutAsking) {
  Resolver resolver(Lookup());
  Caller caller(resolver);
  for (const char* literal : {"127.0.0.1", "::1"}) {
    caller.Ask(literal);
    EXPECT_EQ(caller.Text(), literal);
  }
  EXPECT_EQ(names_->asked(), 0);
}

TEST_F(ResolverTest, ANameIsAskedForOnceAndThenRemembered) {
  Resolver resolver(Lookup());
  Caller caller(resolver);
  caller.Ask("a.example");
  EXPECT_FALSE(caller.answered());
  names_->Give(Addresses("10.0.0.1"));
  ASSERT_TRUE(caller.Await());
  EXPECT_EQ(caller.Text(), "10.0.0.1");
  for (int i = 0; i < 10; ++i) {
    caller.Ask("a.example");
    EXPECT_EQ(caller.Text(), "10.0.0.1");
  }
  EXPECT_EQ(names_->asked(), 1);
}

TEST_F(ResolverTest, ManyWhoWaitOnSeveralLoopsShareOneLookup) {
  Resolver resolver(Lookup());
  std::vector<std::unique_ptr<Caller>> callers;
  for (int i = 0; i < 20; ++i) {
    callers.push_back(std::make_unique<Caller>(resolver));
    callers.back()->Ask("a.example");
  }
  std::vector<std::thread> threads;
  std::atomic<int> right{0};
  for (auto& caller : callers) {
    threads.emplace_back([&right, &caller] { right += caller->Await() && caller->Text() == "10.0.0.1"; });
  }
  ASSERT_TRUE(names_->AwaitAsked(1));
  names_->Give(Addresses("10.0.0.1"));
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(right, 20);
  EXPECT_EQ(names_->asked(), 1);
}

TEST_F(ResolverTest, NamesDoNotWaitForEachOther) {
  Resolver resolver(Lookup());
  Caller a(resolver), b(resolver);
  a.Ask("a.example");
  b.Ask("b.example");
  EXPECT_TRUE(names_->AwaitAsked(2));
  names_->Give(Addresses("10.0.0.1"));
  names_->Give(Addresses("10.0.0.1"));
  EXPECT_TRUE(a.Await());
  EXPECT_TRUE(b.Await());
}

TEST_F(ResolverTest, AStaleAnswerIsUsedWhileANewOneIsFetched) {
  Resolver resolver(Lookup(), kNone, kNone);  // stale at once
  Caller caller(resolver);
  ASSERT_TRUE(Learn(caller));
  caller.Ask("a.example");
  EXPECT_EQ(caller.Text(), "10.0.0.1");  // without waiting
  ASSERT_TRUE(names_->AwaitAsked(2));
  caller.Ask("a.example");  // one lookup is under way: no other
  EXPECT_EQ(caller.Text(), "10.0.0.1");
  EXPECT_EQ(names_->asked(), 2);
  names_->Give(Addresses("10.0.0.2"));
  EXPECT_TRUE(AwaitAnswer(caller, "10.0.0.2"));
}

TEST_F(ResolverTest, WhileTheNameServerIsDownTheOldAddressesStay) {
  Resolver resolver(Lookup(), kNone, kNone);
  Caller caller(resolver);
  ASSERT_TRUE(Learn(caller));
  for (int failures = 2; failures < 5; ++failures) {
    ASSERT_NO_FATAL_FAILURE(AskUntilLookup(failures, caller));
    names_->Give(Failure());
  }
}

TEST_F(ResolverTest, AFailureIsSaidToAllWhoWaitAndNotRemembered) {
  Resolver resolver(Lookup());
  Caller a(resolver), b(resolver);
  a.Ask("a.example");
  b.Ask("a.example");
  names_->Give(Failure());
  ASSERT_TRUE(a.Await());
  ASSERT_TRUE(b.Await());
  EXPECT_EQ(a.Text(), "error");
  EXPECT_EQ(b.Text(), "error");
  a.Ask("a.example");
  names_->Give(Addresses("10.0.0.1"));
  ASSERT_TRUE(a.Await());
  EXPECT_EQ(a.Text(), "10.0.0.1");
  EXPECT_EQ(names_->asked(), 2);
}

TEST_F(ResolverTest, ADoubtedNameIsLookedUpAtOnceAndItsAddressesAreReplaced) {
  Resolver resolver(Lookup(), kLong, kNone);
  Caller caller(resolver);
  ASSERT_TRUE(Learn(caller));
  resolver.Doubt("unknown.example");
  resolver.Doubt("a.example");
  ASSERT_TRUE(names_->AwaitAsked(2)) << "before anybody needs it";
  resolver.Doubt("a.example");  // one lookup is under way: no other
  names_->Give(Addresses("10.0.0.2"));
  EXPECT_TRUE(AwaitAnswer(caller, "10.0.0.2"));
  EXPECT_EQ(names_->asked(), 2);
}

TEST_F(ResolverTest, ADoubtedNameKeepsItsAddressesWhileTheNameServerSaysNothing) {
  Resolver resolver(Lookup(), kLong, kNone);
  Caller caller(resolver);
  ASSERT_TRUE(Learn(caller));
  for (int asked = 2; asked <= 4; ++asked) {
    ASSERT_NO_FATAL_FAILURE(AskUntilLookup(asked, caller, [&] { resolver.Doubt("a.example"); }));
    names_->Give(Silence());
  }
}

TEST_F(ResolverTest, ADoubtedNameThatIsNoneAnyMoreHasNoAddresses) {
  Resolver resolver(Lookup(), kLong, kNone);
  Caller caller(resolver);
  ASSERT_TRUE(Learn(caller));
  resolver.Doubt("a.example");
  names_->Give(Failure());
  names_->Give(Failure());  // for who asks once the addresses are gone
  EXPECT_TRUE(AwaitAnswer(caller, "error"));
}

TEST_F(ResolverTest, ADoubtedNameIsNotLookedUpAgainAndAgain) {
  Resolver resolver(Lookup(), kLong, kLong);
  Caller caller(resolver);
  ASSERT_TRUE(Learn(caller));
  names_->Give(Silence());
  names_->Give(Addresses("10.0.0.2"));
  for (int i = 0; i < 1000; ++i) {
    resolver.Doubt("a.example");
    caller.Ask("a.example");
    ASSERT_EQ(caller.Text(), "10.0.0.1");
    std::this_thread::yield();
  }
  EXPECT_EQ(names_->asked(), 1);
}

TEST_F(ResolverTest, ANameThatWasReachedSinceItWasDoubtedKeepsItsAddresses) {
  Resolver resolver(Lookup(), kLong, kNone);
  Caller caller(resolver);
  ASSERT_TRUE(Learn(caller));
  resolver.Doubt("a.example");
  ASSERT_TRUE(names_->AwaitAsked(2));
  resolver.Trust("a.example", asio::ip::make_address("10.0.0.1"));
  resolver.Trust("unknown.example", asio::ip::make_address("10.0.0.1"));
  names_->Give(Failure());
  AskUntilLookup(3, caller);
}

TEST_F(ResolverTest, TheAddressThatWasReachedLastComesFirst) {
  Resolver resolver(Lookup(), kNone, kNone);
  Caller caller(resolver);
  Answer all = Addresses("10.0.0.1");
  all.addresses.push_back(asio::ip::make_address("10.0.0.2"));
  all.addresses.push_back(asio::ip::make_address("10.0.0.3"));
  caller.Ask("a.example");
  names_->Give(all);
  ASSERT_TRUE(caller.Await());
  EXPECT_EQ(caller.Text(), "10.0.0.1 10.0.0.2 10.0.0.3");
  resolver.Trust("a.example", all.addresses[2]);
  caller.Ask("a.example");
  EXPECT_EQ(caller.Text(), "10.0.0.3 10.0.0.1 10.0.0.2");
  std::swap(all.addresses[0], all.addresses[1]);
  names_->Give(all);  // a later lookup changes nothing in that
  EXPECT_TRUE(AwaitAnswer(caller, "10.0.0.3 10.0.0.2 10.0.0.1"));
}

TEST(ResolverThreadsTest, NamesWhoseServersSayNothingDelayNoOther) {
  std::promise<void> over;
  const std::shared_future<void> silence = over.get_future().share();
  Resolver resolver([silence](const std::string& host) {
    if (host == "good.example") return Addresses("10.0.0.1");
    silence.wait_for(std::chrono::seconds(30));
    return Failure();
  });
  std::deque<Caller> hung;
  for (int i = 0; i < 20; ++i) hung.emplace_back(resolver).Ask("hangs-" + std::to_string(i));
  Caller caller(resolver);
  caller.Ask("good.example");
  EXPECT_TRUE(caller.Await());
  EXPECT_EQ(caller.Text(), "10.0.0.1");
  over.set_value();
  for (Caller& waits : hung) {
    ASSERT_TRUE(waits.Await());
    EXPECT_EQ(waits.Text(), "error");
  }
}

TEST_F(ResolverTest, AnInterruptEndsAWaitAndLeavesTheLookupToOthers) {
  Resolver resolver(Lookup());
  Caller gone(resolver), stays(resolver);
  gone.Ask("a.example");
  stays.Ask("a.example");
  gone.interrupt().Fire(InterruptReason::kClientGone);
  ASSERT_TRUE(gone.Await());
  EXPECT_EQ(gone.Text(), "aborted");
  EXPECT_FALSE(stays.answered());
  names_->Give(Addresses("10.0.0.1"));
  ASSERT_TRUE(stays.Await());
  EXPECT_EQ(stays.Text(), "10.0.0.1");
  gone.Poll();
  EXPECT_EQ(gone.Text(), "aborted");
}

TEST_F(ResolverTest, ALookupMayOutliveTheLoopThatWaitedForIt) {
  Resolver resolver(Lookup());
  {
    Caller gone(resolver);
    gone.Ask("a.example");
    ASSERT_TRUE(names_->AwaitAsked(1));
    gone.interrupt().Fire(InterruptReason::kShutdown);
    ASSERT_TRUE(gone.Await());
  }
  names_->Give(Addresses("10.0.0.1"));  // nothing is said to the loop that is gone
  Caller next(resolver);
  next.Ask("a.example");
  ASSERT_TRUE(next.Await());
  EXPECT_EQ(next.Text(), "10.0.0.1");
  EXPECT_EQ(names_->asked(), 1);
}

// std::promise's own way to say so is in a library that ThreadSanitizer does not see into.
struct SetAtThreadExit {
  ~SetAtThreadExit() { *flag = true; }
  const std::shared_ptr<std::atomic<bool>> flag;
};

TEST(ResolverThreadsTest, TheEndWaitsForNoLookupAndWhoWaitsForOneIsToldNothing) {
  std::promise<void> over;
  const auto thread_ended = std::make_shared<std::atomic<bool>>(false);
  auto resolver =
      std::make_unique<Resolver>([silence = over.get_future().share(), thread_ended](const std::string&) {
        thread_local const SetAtThreadExit set{thread_ended};
        silence.wait_for(kPatience);
        return Addresses("10.0.0.1");
      });
  Caller waits(*resolver);
  waits.Ask("a.example");
  resolver.reset();
  EXPECT_FALSE(*thread_ended);
  over.set_value();
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (!*thread_ended && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  ASSERT_TRUE(*thread_ended);
  waits.Poll();
  EXPECT_FALSE(waits.answered());
}

TEST(SystemLookupTest, LocalhostIsThisMachineAndNonsenseIsNobody) {
  const Answer local = Resolver::SystemLookup("localhost");
  ASSERT_FALSE(local.error) << local.error.message();
  ASSERT_FALSE(local.addresses.empty());
  for (const auto& address : local.addresses) EXPECT_TRUE(address.is_loopback()) << address;
  EXPECT_TRUE(Resolver::SystemLookup("no such host").error);
}

}  // namespace
}  // namespace arbstr::proxy
