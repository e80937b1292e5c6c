#include "proxy/metrics/process_metrics.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <vector>

namespace arbstr::proxy {
namespace {

TEST(ProcessMetricsTest, TheyAreThisProcesss) {
  const ProcessMetrics numbers = ReadProcessMetrics();
  const double now =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  EXPECT_GT(numbers.resident_bytes, 1u << 20);
  EXPECT_GT(numbers.virtual_bytes, numbers.resident_bytes);
  EXPECT_GT(numbers.max_fds, numbers.open_fds);
  EXPECT_GE(numbers.cpu_seconds, 0);
  EXPECT_LT(numbers.cpu_seconds, 3600);
  EXPECT_LE(numbers.start_time_seconds, now + 1);
  EXPECT_GE(numbers.start_time_seconds, now - 3600) << "a test runs for less than an hour";
  EXPECT_EQ(ReadProcessMetrics().start_time_seconds, numbers.start_time_seconds);
}

TEST(ProcessMetricsTest, AnOpenFileIsCounted) {
  const auto before = ReadProcessMetrics().open_fds;
  ASSERT_GT(before, 0u);
  std::vector<int> opened;
  for (int i = 0; i < 10; ++i) opened.push_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  EXPECT_EQ(ReadProcessMetrics().open_fds, before + 10);
  for (const int fd : opened) ::close(fd);
  EXPECT_EQ(ReadProcessMetrics().open_fds, before);
}

TEST(ProcessMetricsTest, WorkCostsCpuTime) {
  const double before = ReadProcessMetrics().cpu_seconds;
  volatile unsigned work = 0;
  // The kernel counts in hundredths; bounded, should it not count at all.
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (ReadProcessMetrics().cpu_seconds == before && std::chrono::steady_clock::now() < until) {
    for (int i = 0; i < 1'000'000; ++i) work = work + 1;
  }
  EXPECT_GT(ReadProcessMetrics().cpu_seconds, before);
}

}  // namespace
}  // namespace arbstr::proxy
