// Thousands of requests that hang at once cost memory alone, and little of it, while others are answered.
//   --requests=N   how many; the clients are a process of their own, so that only the mock is measured
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <fstream>
#include <string>

#include "mock_provider/mock_provider.h"
#include "mock_provider/testing_raw_client.h"

namespace mock_provider {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using testing::Ask;
using testing::ChatRequestText;
using testing::RawClient;

constexpr long kMostBytesEach = 8 << 10;
int requests = 400;

// A sanitizer keeps memory of its own for each allocation.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kMemoryIsTheMocks = false;
#else
constexpr bool kMemoryIsTheMocks = true;
#endif

void RaiseFileLimit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

long ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  long size = 0, resident = 0;
  statm >> size >> resident;
  return resident * ::sysconf(_SC_PAGESIZE);
}

// A process that opens connections, sends a request on each, and keeps them until it is told to end.
class Clients {
 public:
  Clients() {
    if (::pipe(orders_) != 0) std::abort();
    child_ = ::fork();
    if (child_ == 0) Run();
    ::close(orders_[0]);
  }

  ~Clients() {
    ::close(orders_[1]);
    ::waitpid(child_, nullptr, 0);
  }

  void Open(std::uint16_t port, int count) {
    const Order order{.port = port, .count = count};
    ASSERT_EQ(::write(orders_[1], &order, sizeof order), static_cast<ssize_t>(sizeof order));
  }

 private:
  struct Order {
    std::uint16_t port;
    int count;
  };

  [[noreturn]] void Run() {
    ::close(orders_[1]);
    RaiseFileLimit();
    std::deque<RawClient> clients;
    for (Order order{}; ::read(orders_[0], &order, sizeof order) == static_cast<ssize_t>(sizeof order);) {
      for (int i = 0; i < order.count; ++i) {
        clients.emplace_back(order.port);
        clients.back().Send(ChatRequestText("hang", "", "Authorization: Bearer sk-0123456789abcdef\r\n"));
      }
    }
    ::_exit(0);
  }

  int orders_[2] = {};
  pid_t child_ = 0;
};

TEST(HungRequests, EachCostsAtMost8KiBAndAnotherRuleStillAnswers) {
  Clients clients;
  RaiseFileLimit();
  auto mock = MockProvider::StartJson(R"({"rules":[{"match":{"model":"hang"},"script":[{"hang":{}}]}]})");
  ASSERT_TRUE(mock.ok()) << mock.status();
  const std::uint16_t port = (*mock)->port("mock");

  constexpr int kFirst = 50;  // what the first ones allocate is there for all
  clients.Open(port, kFirst);
  ASSERT_TRUE((*mock)->WaitForTotal(milliseconds(60'000), kFirst));
  const long before = ResidentBytes();
  clients.Open(port, requests);
  ASSERT_TRUE((*mock)->WaitForTotal(milliseconds(60'000), static_cast<std::uint64_t>(kFirst + requests)));
  const long each = (ResidentBytes() - before) / requests;

  const auto asked = steady_clock::now();
  EXPECT_EQ(Ask(port, "m").bytes.substr(9, 3), "200");
  const std::chrono::duration<double, std::milli> answered = steady_clock::now() - asked;
  std::printf("%d hung requests: %ld bytes of memory each; a healthy one meanwhile took %.2f ms\n", requests,
              each, answered.count());
  if (kMemoryIsTheMocks) {
    EXPECT_LE(each, kMostBytesEach);
  }
}

}  // namespace
}  // namespace mock_provider

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  for (int i = 1; i < argc; ++i) {
    constexpr const char* kRequests = "--requests=";
    if (std::strncmp(argv[i], kRequests, std::strlen(kRequests)) == 0)
      mock_provider::requests = std::atoi(argv[i] + std::strlen(kRequests));
  }
  return RUN_ALL_TESTS();
}
