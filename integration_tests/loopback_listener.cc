#include "integration_tests/loopback_listener.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace integration_tests {

LoopbackListener::LoopbackListener(int backlog)
    : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  EXPECT_EQ(::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), length), 0);
  if (backlog != kRefusing) {
    EXPECT_EQ(::listen(descriptor_, backlog), 0);
  }
  EXPECT_EQ(::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &length), 0);
  port_ = ntohs(address.sin_port);
}

LoopbackListener::~LoopbackListener() { ::close(descriptor_); }

int LoopbackListener::Accept() const { return ::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC); }

void LoopbackListener::Stop() const { ::shutdown(descriptor_, SHUT_RDWR); }

}  // namespace integration_tests
