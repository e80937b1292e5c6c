#include "proxy/metrics/process_metrics.h"

#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace arbstr::proxy {
namespace {

std::string ReadText(const char* path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The fields of /proc/self/stat from the third on (proc(5)): the second, the program's name, may contain
// spaces. The third is a letter, here 0.
std::vector<double> StatFields() {
  const std::string text = ReadText("/proc/self/stat");
  std::istringstream fields(text.substr(std::min(text.size(), text.rfind(')') + 1)));
  std::string state;
  fields >> state;
  std::vector<double> numbers = {0};
  for (double number = 0; fields >> number;) numbers.push_back(number);
  numbers.resize(std::max<std::size_t>(numbers.size(), 22), 0.0);
  return numbers;
}

double Seconds(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

// As it was found first: a series that says when the process began must not move when the clock is set. (Not
// /proc/stat: a service with its own view of processes, as ours has, does not see it.)
double BootTime() {
  static const double boot = Seconds(CLOCK_REALTIME) - Seconds(CLOCK_BOOTTIME);
  return boot;
}

std::uint64_t OpenFiles() {
  std::error_code error;
  std::uint64_t count = 0;
  for (std::filesystem::directory_iterator entry("/proc/self/fd", error), end; !error && entry != end;
       entry.increment(error)) {
    ++count;
  }
  return count == 0 ? 0 : count - 1;  // one of them is the listing's own
}

}  // namespace

ProcessMetrics ReadProcessMetrics() {
  const std::vector<double> stat = StatFields();
  const double ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  ProcessMetrics numbers;
  // proc(5) counts from 1 and our vector begins with field 3.
  numbers.cpu_seconds = (stat[14 - 3] + stat[15 - 3]) / ticks;
  numbers.start_time_seconds = BootTime() + stat[22 - 3] / ticks;
  numbers.virtual_bytes = static_cast<std::uint64_t>(stat[23 - 3]);
  numbers.resident_bytes =
      static_cast<std::uint64_t>(stat[24 - 3]) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  numbers.open_fds = OpenFiles();
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) numbers.max_fds = limit.rlim_cur;
  return numbers;
}

}  // namespace arbstr::proxy
