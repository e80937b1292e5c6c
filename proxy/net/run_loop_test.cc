#include "proxy/net/run_loop.h"

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <new>

namespace arbstr::proxy {
namespace {

TEST(RunLoopTest, AHandlerThatThrowsEndsNoOther) {
  boost::asio::io_context loop{1};
  int failures = 0, ran = 0;
  for (int i = 0; i < 2; ++i) {
    boost::asio::post(loop, [] { throw std::bad_alloc(); });
    boost::asio::post(loop, [&] { ++ran; });
  }
  RunLoop(loop, [&](const std::exception&) { ++failures; });
  EXPECT_EQ(failures, 2);
  EXPECT_EQ(ran, 2);
}

}  // namespace
}  // namespace arbstr::proxy
