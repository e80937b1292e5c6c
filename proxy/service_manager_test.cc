#include "proxy/service_manager.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <string>

namespace arbstr::proxy {
namespace {

class ServiceManagerTest : public testing::Test {
 protected:
  ServiceManagerTest() : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {}
  ~ServiceManagerTest() override {
    ::unsetenv("NOTIFY_SOCKET");
    ::close(socket_);
  }

  // Listens at `name`, a path or @ and an abstract name, and says so to the process.
  void ListenAt(const std::string& name) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    name.copy(address.sun_path, sizeof address.sun_path - 1);
    if (name[0] == '@') address.sun_path[0] = '\0';
    ASSERT_EQ(::bind(socket_, reinterpret_cast<const sockaddr*>(&address),
                     static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size())),
              0);
    ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
  }
  std::string Heard() {
    char bytes[256];
    const ssize_t got = ::recv(socket_, bytes, sizeof bytes, MSG_DONTWAIT);
    return got < 0 ? "nothing" : std::string(bytes, static_cast<size_t>(got));
  }

  const int socket_;
};

TEST_F(ServiceManagerTest, AtAPath) {
  const std::string path = "/tmp/arbstr-notify-" + std::to_string(::getpid());
  ListenAt(path);
  EXPECT_TRUE(TellServiceManager("READY=1"));
  EXPECT_EQ(Heard(), "READY=1");
  ::unlink(path.c_str());
}

TEST_F(ServiceManagerTest, AtAnAbstractName) {
  ListenAt("@arbstr-notify-" + std::to_string(::getpid()));
  EXPECT_TRUE(TellServiceManager("STOPPING=1\nSTATUS=draining"));
  EXPECT_EQ(Heard(), "STOPPING=1\nSTATUS=draining");
}

TEST_F(ServiceManagerTest, NobodyIsToldWhereNobodyListens) {
  EXPECT_FALSE(TellServiceManager("READY=1"));
  for (const std::string& name : {std::string("/no/such/socket"), std::string("@nobody-is-here"),
                                  std::string("relative"), std::string(), "/" + std::string(200, 'x')}) {
    ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
    EXPECT_FALSE(TellServiceManager("READY=1")) << name;
  }
}

TEST_F(ServiceManagerTest, AReloadSaysWhenItBegan) {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  const std::string state = ReloadingState(), begin = "RELOADING=1\nMONOTONIC_USEC=";
  ASSERT_EQ(state.substr(0, begin.size()), begin);
  EXPECT_GE(std::stoll(state.substr(begin.size())), now.tv_sec * 1'000'000LL + now.tv_nsec / 1000);
}

}  // namespace
}  // namespace arbstr::proxy
