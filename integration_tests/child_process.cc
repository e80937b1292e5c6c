#include "integration_tests/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace integration_tests {
namespace {

using Clock = std::chrono::steady_clock;

int MillisUntil(Clock::time_point by) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(by - Clock::now()).count();
  return left < 0 ? 0 : static_cast<int>(left);
}

[[noreturn]] void Become(const ChildProcess::Options& options, int out) {
  const std::string errors = options.directory + "/stderr";
  const int err = ::open(errors.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (err < 0 || ::dup2(out, 1) < 0 || ::dup2(err, 2) < 0 || ::chdir(options.directory.c_str()) != 0) {
    ::_exit(126);
  }
  for (const auto& [name, value] : options.environment) ::setenv(name.c_str(), value.c_str(), 1);
  std::vector<char*> argv = {const_cast<char*>(options.program.c_str())};
  for (const std::string& argument : options.arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  ::execv(argv[0], argv.data());
  ::_exit(127);
}

}  // namespace

ChildProcess::ChildProcess(Options options) : options_(std::move(options)) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return;
  pid_ = ::fork();
  if (pid_ == 0) Become(options_, ends[1]);
  ::close(ends[1]);
  stdout_ = ends[0];
}

ChildProcess::~ChildProcess() {
  if (!exit_ && pid_ > 0) {
    ::kill(pid_, SIGKILL);
    WaitForExit();
  }
  if (stdout_ >= 0) ::close(stdout_);
}

bool ChildProcess::ReadMore(Clock::time_point by) {
  pollfd waiting{stdout_, POLLIN, 0};
  if (::poll(&waiting, 1, MillisUntil(by)) <= 0) return false;
  char bytes[4096];
  const ssize_t got = ::read(stdout_, bytes, sizeof bytes);
  if (got <= 0) return false;
  unread_.append(bytes, static_cast<std::size_t>(got));
  return true;
}

std::optional<std::string> ChildProcess::ReadLine() {
  const auto by = Clock::now() + kPatience;
  std::size_t end = 0;
  while ((end = unread_.find('\n')) == std::string::npos) {
    if (!ReadMore(by)) return std::nullopt;
  }
  std::string line = unread_.substr(0, end);
  unread_.erase(0, end + 1);
  return line;
}

std::string ChildProcess::ReadRest() {
  const auto by = Clock::now() + kPatience;
  while (ReadMore(by)) {
  }
  return std::exchange(unread_, "");
}

std::string ChildProcess::StderrText() const {
  std::ifstream file(options_.directory + "/stderr");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void ChildProcess::Signal(int signal) const {
  if (pid_ > 0 && !exit_) ::kill(pid_, signal);
}

std::optional<int> ChildProcess::WaitForExit(std::chrono::milliseconds limit) {
  if (exit_ || pid_ <= 0) return exit_;
  // A pidfd becomes readable when the process ends: a wait with a limit and without polling.
  const int watch = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  pollfd waiting{watch, POLLIN, 0};
  const int ready = ::poll(&waiting, 1, static_cast<int>(limit.count()));
  ::close(watch);
  int status = 0;
  if (ready <= 0 || ::waitpid(pid_, &status, 0) != pid_) return std::nullopt;
  exit_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return exit_;
}

}  // namespace integration_tests
