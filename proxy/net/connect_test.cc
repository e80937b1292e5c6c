#include "proxy/net/connect.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace arbstr::proxy {
namespace {

using asio::ip::tcp;
using std::chrono::milliseconds;
constexpr std::chrono::seconds kPatience{30};

// A name server that answers at once. Lookups that nobody waits for any more share it.
class FakeNames {
 public:
  Resolver::Answer Lookup(const std::string& host) {
    const std::lock_guard lock(mutex_);
    ++lookups_;
    looked_up_.notify_all();
    const auto found = names_.find(host);
    return found == names_.end() ? Resolver::Answer{asio::error::host_not_found, {}} : found->second;
  }
  void Set(const std::string& host, Resolver::Answer answer) {
    const std::lock_guard lock(mutex_);
    names_[host] = std::move(answer);
  }
  int lookups() {
    const std::lock_guard lock(mutex_);
    return lookups_;
  }
  // So many in all.
  bool AwaitLookups(int lookups) {
    std::unique_lock lock(mutex_);
    return looked_up_.wait_for(lock, kPatience, [&] { return lookups_ >= lookups; }) && lookups_ == lookups;
  }

 private:
  std::mutex mutex_;
  std::condition_variable looked_up_;
  std::map<std::string, Resolver::Answer> names_;
  int lookups_ = 0;
};

Resolver::Answer Addresses(std::initializer_list<const char*> addresses) {
  Resolver::Answer answer;
  for (const char* address : addresses) answer.addresses.push_back(asio::ip::make_address(address));
  return answer;
}

class ConnectTest : public testing::Test {
 protected:
  ConnectTest() {
    names_->Set("one.example", Addresses({"127.0.0.1"}));
    // The listener is bound to 127.0.0.1 alone: nobody listens at the same port of the others.
    names_->Set("refused.example", Addresses({"127.0.0.2", "127.0.0.3"}));
    names_->Set("two.example", Addresses({"127.0.0.2", "127.0.0.1"}));
  }

  static Task<> Run(const ConnectTarget& target, Resolver& resolver, DeadlineWheel& wheel,
                    milliseconds timeout, Interrupt& interrupt, std::optional<ConnectResult>& result) {
    ConnectResult got = co_await Connect(target, resolver, wheel, timeout, interrupt);
    result = std::move(got);
  }

  void Begin(const std::string& host, milliseconds timeout = kPatience,
             std::shared_ptr<asio::ssl::context> tls = nullptr, std::optional<ProxyHop> proxy = {}) {
    target_ = {host, listener_.local_endpoint().port(), std::move(tls), std::move(proxy)};
    proxy::Spawn(loop_.get_executor(), Run(target_, resolver_, *wheel_, timeout, interrupt_, result_),
                 interrupt_.slot());
  }

  bool Await() {
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (!result_ && std::chrono::steady_clock::now() < until) loop_.run_one_for(milliseconds(50));
    return result_.has_value();
  }

  asio::io_context loop_{1};
  tcp::acceptor listener_{loop_, tcp::endpoint(asio::ip::make_address("127.0.0.1"), 0)};
  std::unique_ptr<DeadlineWheel> wheel_ = std::make_unique<DeadlineWheel>(loop_.get_executor());
  const std::shared_ptr<FakeNames> names_ = std::make_shared<FakeNames>();
  Resolver resolver_{[names = names_](const std::string& host) { return names->Lookup(host); },
                     std::chrono::seconds(30), std::chrono::seconds(0)};
  Interrupt interrupt_;
  ConnectTarget target_;
  std::optional<ConnectResult> result_;
};

TEST_F(ConnectTest, BytesFlowOnAConnection) {
  Begin("127.0.0.1");
  ASSERT_TRUE(Await());
  ASSERT_EQ(result_->failure, ConnectFailure::kNone) << result_->message;
  ASSERT_TRUE(result_->stream);
  EXPECT_EQ(result_->stream->tls(), nullptr);
  EXPECT_FALSE(interrupt_.fired());
  tcp::socket accepted = listener_.accept();
  asio::write(accepted, asio::buffer("x", 1));
  char byte = 0;
  result_->stream->socket().read_some(asio::buffer(&byte, 1));
  EXPECT_EQ(byte, 'x');
  asio::socket_base::keep_alive asked;
  result_->stream->socket().get_option(asked);
  EXPECT_TRUE(asked.value()) << "a peer that is silent for long is asked whether it is there";
}

class FakeTunnel final : public Tunnel {
 public:
  explicit FakeTunnel(std::string refusal) : refusal_(std::move(refusal)) {}
  Task<std::string> Open(ByteStream& stream, Interrupt&) const override {
    const auto [error, sent] = co_await asio::async_write(stream, asio::buffer("open\n", 5), kUseTask);
    (void)sent;
    if (error) co_return error.message();
    co_return refusal_;
  }

 private:
  const std::string refusal_;
};

// Else each wait for its input would wake the loop for nothing.
TEST_F(ConnectTest, AConnectionThatIsWaitedForInputIsNotToldOfOutput) {
  Begin("one.example");
  ASSERT_TRUE(Await());
  tcp::socket peer = listener_.accept();
  loop_.poll();
  std::string ended;
  result_->stream->AsyncWaitReadable([&](const ErrorCode& error) { ended = error ? "failed" : "readable"; });
  EXPECT_EQ(loop_.poll(), 0u);
  EXPECT_EQ(ended, "");
  peer.write_some(asio::buffer("x", 1));
  while (ended.empty()) ASSERT_GT(loop_.run_one_for(kPatience), 0u);
  EXPECT_EQ(ended, "readable");
  std::array<char, 4> room{};
  ErrorCode error;
  EXPECT_EQ(result_->stream->ReadNow(room, error), 1u);
  EXPECT_FALSE(error);
  EXPECT_EQ(result_->stream->ReadNow(room, error), 0u);
  EXPECT_EQ(error, asio::error::would_block);
}

TEST_F(ConnectTest, AConnectionByWayOfAProxyGoesThereAndIsOpenedByItsTunnel) {
  ProxyHop hop{"one.example", listener_.local_endpoint().port(), "p:1", std::make_shared<FakeTunnel>("")};
  Begin("none.example", kPatience, nullptr, hop);
  ASSERT_TRUE(Await());
  ASSERT_EQ(result_->failure, ConnectFailure::kNone) << result_->message;
  tcp::socket accepted = listener_.accept();
  std::array<char, 5> said{};
  asio::read(accepted, asio::buffer(said));
  EXPECT_EQ(std::string(said.data(), said.size()), "open\n");
}

TEST_F(ConnectTest, AProxysRefusalIsAFailureToConnectThatNamesIt) {
  ProxyHop hop{"one.example", listener_.local_endpoint().port(), "p:1",
               std::make_shared<FakeTunnel>("said no")};
  Begin("none.example", kPatience, std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client), hop);
  ASSERT_TRUE(Await());
  EXPECT_EQ(result_->failure, ConnectFailure::kTcp);
  EXPECT_EQ(result_->message, "the proxy p:1: said no");
  EXPECT_FALSE(result_->stream);
}

TEST_F(ConnectTest, AProxyThatCannotBeReachedIsNamed) {
  Begin("one.example", kPatience, nullptr, ProxyHop{"none.example", 1, "p:1", nullptr});
  ASSERT_TRUE(Await());
  EXPECT_EQ(result_->failure, ConnectFailure::kName);
  EXPECT_TRUE(result_->message.starts_with("the proxy p:1: cannot resolve none.example")) << result_->message;
}

TEST_F(ConnectTest, TheNextAddressIsTriedWhereOneRefuses) {
  Begin("two.example");
  ASSERT_TRUE(Await());
  ASSERT_EQ(result_->failure, ConnectFailure::kNone) << result_->message;
  EXPECT_EQ(result_->stream->socket().remote_endpoint().address().to_string(), "127.0.0.1");
}

TEST_F(ConnectTest, ANameThatIsNoneIsAFailureOfTheName) {
  Begin("none.example");
  ASSERT_TRUE(Await());
  EXPECT_EQ(result_->failure, ConnectFailure::kName);
  EXPECT_FALSE(result_->stream);
  EXPECT_NE(result_->message.find("none.example"), std::string::npos) << result_->message;
}

TEST_F(ConnectTest, WhereAllAddressesRefuseTheNameIsLookedUpAnew) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  do {  // the lookup before may not be over yet: until it is, a doubt begins no other
    const bool first = !result_;
    result_.reset();
    Begin("refused.example");
    loop_.restart();
    ASSERT_TRUE(Await());
    EXPECT_EQ(result_->failure, ConnectFailure::kTcp);
    EXPECT_NE(result_->message.find("refused"), std::string::npos) << result_->message;
    EXPECT_FALSE(interrupt_.fired());
    if (first) {
      EXPECT_TRUE(names_->AwaitLookups(2));
    }
  } while (names_->lookups() < 3 && std::chrono::steady_clock::now() < until);
  EXPECT_GE(names_->lookups(), 3);
}

TEST_F(ConnectTest, WhereAConnectionWasMadeSinceTheNameWasDoubtedTheAddressesStay) {
  Begin("one.example");
  ASSERT_TRUE(Await());
  names_->Set("one.example", {asio::error::host_not_found_try_again, {}});
  resolver_.Doubt("one.example");
  ASSERT_TRUE(names_->AwaitLookups(2));
  const auto connect = [&] {
    result_.reset();
    loop_.restart();
    Begin("one.example");
    return Await() && result_->failure == ConnectFailure::kNone;
  };
  ASSERT_TRUE(connect());
  names_->Set("one.example", {asio::error::host_not_found, {}});
  const int before = names_->lookups();
  const auto until = std::chrono::steady_clock::now() + kPatience;
  // Each connect may begin a lookup where none is under way: one that says that there is no such name has
  // ended.
  while (names_->lookups() < before + 3 && std::chrono::steady_clock::now() < until) {
    ASSERT_TRUE(connect()) << result_->message;
  }
  EXPECT_GE(names_->lookups(), before + 3);
}

// The limit of the process's descriptors, for as long as this lives.
class FewDescriptors {
 public:
  FewDescriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const int lowest_free = ::dup(STDERR_FILENO);
    ::close(lowest_free);
    rlimit few = before_;
    few.rlim_cur = static_cast<rlim_t>(lowest_free);
    ::setrlimit(RLIMIT_NOFILE, &few);
  }
  ~FewDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  FewDescriptors(const FewDescriptors&) = delete;

 private:
  rlimit before_{};
};

TEST_F(ConnectTest, WithoutADescriptorItIsTheGatewaysFailureAndSaysSo) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the sanitizer needs descriptors of its own to look at an object's type";
#endif
  const FewDescriptors few;
  Begin("one.example");
  ASSERT_TRUE(Await());
  EXPECT_EQ(result_->failure, ConnectFailure::kOwnLimit);
  EXPECT_NE(result_->message.find("the gateway itself has no file descriptor left"), std::string::npos)
      << result_->message;
}

TEST_F(ConnectTest, WithoutADescriptorForALookupItIsTheGatewaysFailureToo) {
  names_->Set("full.example", {asio::error::no_descriptors, {}});
  Begin("full.example");
  ASSERT_TRUE(Await());
  EXPECT_EQ(result_->failure, ConnectFailure::kOwnLimit);
}

// Where time is what a test says.
class ConnectTimeTest : public ConnectTest {
 protected:
  ConnectTimeTest() { wheel_ = std::make_unique<DeadlineWheel>(loop_.get_executor(), LoopClock(now_)); }

  // Addresses that swallow packets.
  Resolver::Answer Silent(int silent) {
    Resolver::Answer answer;
    for (int i = 0; i < silent; ++i) {
      const tcp::endpoint at(asio::ip::make_address(fmt::format("127.0.0.{}", 10 + i)),
                             listener_.local_endpoint().port());
      // A queue that is full drops what asks to be let in.
      tcp::acceptor& full = full_.emplace_back(loop_, at.protocol());
      full.set_option(tcp::acceptor::reuse_address(true));
      full.bind(at);
      full.listen(0);
      for (int filler = 0; filler < 4; ++filler) {
        tcp::socket& socket = fillers_.emplace_back(loop_, at.protocol());
        socket.native_non_blocking(true);
        (void)::connect(socket.native_handle(), at.data(), static_cast<socklen_t>(at.size()));
      }
      answer.addresses.push_back(at.address());
    }
    return answer;
  }

  // Runs the loop until something will expire by then.
  bool AwaitArmedBy(Deadline::TimePoint at) {
    const auto patience = std::chrono::steady_clock::now() + kPatience;
    while (wheel_->wake_at() > at && std::chrono::steady_clock::now() < patience) {
      loop_.run_one_for(milliseconds(50));
    }
    return wheel_->wake_at() <= at;
  }

  Deadline::TimePoint now_{std::chrono::hours(1)};
  std::deque<tcp::acceptor> full_;
  std::deque<tcp::socket> fillers_;
};

TEST_F(ConnectTimeTest, SilentAddressesShareTheTimeAndLeaveTheLastOneItsShare) {
  for (const int silent : {1, 2, 3, 6}) {
    SCOPED_TRACE(silent);
    const std::string name = fmt::format("silent-{}.example", silent);
    Resolver::Answer addresses = Silent(silent);
    addresses.addresses.push_back(asio::ip::make_address("127.0.0.1"));
    names_->Set(name, std::move(addresses));
    result_.reset();
    loop_.restart();
    const auto begun = now_;
    const milliseconds timeout(3000);
    Begin(name, timeout);
    for (int i = 1; i <= silent; ++i) {
      const auto share_over = begun + i * (timeout / (silent + 1)) + i * DeadlineWheel::kTick;
      ASSERT_TRUE(AwaitArmedBy(share_over)) << "address " << i;
      now_ = wheel_->wake_at();
      wheel_->FireExpired(now_);
    }
    ASSERT_TRUE(Await());
    EXPECT_EQ(result_->failure, ConnectFailure::kNone) << result_->message;
    EXPECT_FALSE(interrupt_.fired());
    full_.clear();
    fillers_.clear();
  }
}

TEST_F(ConnectTimeTest, WhereNoAddressAnswersInTimeTheNameIsLookedUpAnew) {
  names_->Set("silent.example", Silent(2));
  const milliseconds timeout(3000);
  const auto until = now_ + timeout + DeadlineWheel::kTick;
  Begin("silent.example", timeout);
  ASSERT_TRUE(AwaitArmedBy(now_ + timeout / 2 + DeadlineWheel::kTick));
  wheel_->FireExpired(now_ = wheel_->wake_at());
  loop_.poll();  // goes on with the last address
  wheel_->FireExpired(now_ = until);
  ASSERT_TRUE(Await());
  EXPECT_EQ(result_->failure, ConnectFailure::kInterrupted);
  EXPECT_EQ(interrupt_.reason(), InterruptReason::kConnectTimeout);
  EXPECT_TRUE(names_->AwaitLookups(2));
}

TEST_F(ConnectTest, APeerThatIsNotTlsIsATlsFailure) {
  Begin("one.example", kPatience, std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client));
  listener_.async_accept([&](const ErrorCode& error, tcp::socket peer) {
    ASSERT_FALSE(error);
    asio::write(peer, asio::buffer(std::string("HTTP/1.1 400 Bad Request\r\n\r\n")));
  });
  ASSERT_TRUE(Await());
  EXPECT_EQ(result_->failure, ConnectFailure::kTls);
  EXPECT_TRUE(result_->message.starts_with("TLS: ")) << result_->message;
}

TEST_F(ConnectTest, TheTimeoutHoldsForTheTlsHandshakeToo) {
  Begin("one.example", milliseconds(30),
        std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client));
  // The connection stays in the listener's queue: nobody answers the handshake.
  ASSERT_TRUE(Await());
  EXPECT_EQ(result_->failure, ConnectFailure::kInterrupted);
  EXPECT_EQ(interrupt_.reason(), InterruptReason::kConnectTimeout);
}

TEST_F(ConnectTest, AnInterruptEndsAConnectInFlight) {
  Begin("one.example", kPatience, std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client));
  listener_.async_accept(
      [&](const ErrorCode&, tcp::socket) { interrupt_.Fire(InterruptReason::kClientGone); });
  ASSERT_TRUE(Await());
  EXPECT_EQ(result_->failure, ConnectFailure::kInterrupted);
  EXPECT_EQ(interrupt_.reason(), InterruptReason::kClientGone);
}

}  // namespace
}  // namespace arbstr::proxy
