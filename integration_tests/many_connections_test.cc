// Thousands of clients that hold connections and send next to nothing, while one that behaves is served: no
// thread, and little memory, is theirs.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <deque>
#include <filesystem>
#include <fstream>

#include "integration_tests/gateway_test.h"
#include "integration_tests/wait_until.h"

namespace integration_tests {
namespace {

constexpr std::size_t kMostConnections = 2000;
constexpr std::size_t kDescriptorsForTheRest = 200;
// A coroutine's frames, a read buffer of 4 KiB, the connection's own objects; none of what a head only
// announces.
constexpr std::size_t kBytesPerConnection = 24 * 1024;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kMemoryIsOurs = false;  // a sanitizer's shadow is many times as large
#else
constexpr bool kMemoryIsOurs = true;
#endif

// As many as this process, and its child, may have descriptors for.
std::size_t Connections() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const std::size_t most =
      limit.rlim_cur > kDescriptorsForTheRest ? limit.rlim_cur - kDescriptorsForTheRest : 0;
  return std::min<std::size_t>(kMostConnections, most);
}

std::size_t ResidentBytes(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/statm");
  std::size_t size = 0, resident = 0;
  file >> size >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::size_t Descriptors(pid_t pid) {
  std::size_t count = 0;
  std::error_code error;
  for (std::filesystem::directory_iterator at("/proc/" + std::to_string(pid) + "/fd", error), end; at != end;
       at.increment(error)) {
    ++count;
  }
  return count;
}

class ManyConnectionsTest : public GatewayTest {
 protected:
  // Accepting is the gateway's own time: waits until it has as many.
  [[nodiscard]] bool WaitForDescriptors(std::size_t least, std::size_t most) {
    return WaitUntil([&] {
      const std::size_t now = Descriptors(gateway().pid());
      return now >= least && now <= most;
    });
  }
  void ExpectAGoodClientIsServed() {
    HttpClient client = Connect();
    for (int i = 0; i < 100; ++i) {
      ASSERT_TRUE(client.Send(ChatRequest(ChatBody())));
      ASSERT_EQ(client.ReadResponse().status, 200);
    }
    EXPECT_EQ(Chat().status, 200) << "on a connection of its own, too";
    EXPECT_TRUE(Stream().body.ends_with("data: [DONE]\n\n"));
  }
};

TEST_F(ManyConnectionsTest, IdleAndSlowOnesCostLittleAndHoldNobodyUp) {
  const std::size_t connections = Connections();
  ASSERT_GE(connections, 100u) << "RLIMIT_NOFILE";
  Start(R"({})");
  ExpectAGoodClientIsServed();  // what it needs once is there
  const std::size_t bytes_before = ResidentBytes(gateway().pid());
  const std::size_t descriptors_before = Descriptors(gateway().pid());

  const std::string head =
      "POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nContent-Type: application/json\r\n";
  const std::string sent[] = {
      "",                                                    // idle
      "GET /hea",                                            // inside its head
      head,                                                  // behind a field
      head + "Content-Length: 33554432\r\n\r\n{\"model\":",  // inside a body that fills the limit, so it says
      head + "Transfer-Encoding: chunked\r\n\r\n2000000\r\n{",  // the same in a chunk
  };
  std::deque<HttpClient> clients;
  for (std::size_t i = 0; i < connections; ++i) {
    clients.emplace_back(port());
    ASSERT_TRUE(clients.back().connected()) << i;
    ASSERT_TRUE(clients.back().Send(sent[i % std::size(sent)]));
  }
  // Those of the good client's three connections may have been counted above and be closed by now.
  ASSERT_TRUE(
      WaitForDescriptors(descriptors_before + connections - 3, descriptors_before + connections + 50));
  ExpectAGoodClientIsServed();
  if (kMemoryIsOurs) {
    const std::size_t bytes = ResidentBytes(gateway().pid());
    EXPECT_LE(bytes, bytes_before + connections * kBytesPerConnection)
        << (bytes - std::min(bytes, bytes_before)) / connections << " bytes a connection";
  }

  clients.clear();
  EXPECT_TRUE(WaitForDescriptors(0, descriptors_before + 50)) << "each is closed when its client is gone";
  ExpectAGoodClientIsServed();
  EXPECT_EQ(Rows(3 * 102).size(), 3u * 102u) << "and none of the others has left a row";
}

TEST_F(ManyConnectionsTest, WithoutADescriptorLeftItSaysSoAndAcceptsAgainOnceThereIsOne) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the sanitizer in the gateway opens descriptors of its own, and ends it without";
#endif
  Start(R"({})", {.server = "threads = 1\n"});
  ExpectAGoodClientIsServed();
  rlimit limit{};
  ASSERT_EQ(::prlimit(gateway().pid(), RLIMIT_NOFILE, nullptr, &limit), 0);
  limit.rlim_cur = Descriptors(gateway().pid()) + 10;
  ASSERT_EQ(::prlimit(gateway().pid(), RLIMIT_NOFILE, &limit, nullptr), 0);
  std::deque<HttpClient> clients;
  for (int i = 0; i < 40; ++i) clients.emplace_back(port());  // the kernel's queue takes them
  EXPECT_TRUE(WaitForLog("cannot accept connections"));
  clients.clear();
  ExpectAGoodClientIsServed();
}

TEST_F(ManyConnectionsTest, AtTheLimitOneIsTurnedAwayForEachUntilOneLeaves) {
  constexpr std::size_t kLimit = 20;
  Start(R"({})", {.server = "max_connections = " + std::to_string(kLimit) + "\n"});
  std::deque<HttpClient> clients;
  for (std::size_t i = 0; i < kLimit; ++i) {
    clients.emplace_back(port());
    ASSERT_TRUE(clients.back().Send(Get("/health")));
    ASSERT_EQ(clients.back().ReadResponse().status, 200);
  }
  for (int i = 0; i < 200; ++i) {
    const Response response = Ask(port(), Get("/health"));
    // Beyond 64 at a time that are told so, one is closed without a word.
    EXPECT_TRUE(response.status == 503 || response.status == 0) << response.status;
  }
  EXPECT_TRUE(IsOurError(Ask(port(), Get("/health")), 503, "too_many_connections"));
  clients.pop_front();
  EXPECT_TRUE(WaitUntil([&] { return Ask(port(), Get("/health")).status == 200; }));
  ASSERT_TRUE(clients.back().Send(Get("/health")));
  EXPECT_EQ(clients.back().ReadResponse().status, 200) << "those that are in stay in";
}

}  // namespace
}  // namespace integration_tests
