#include "integration_tests/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <sstream>

namespace integration_tests {
namespace {

using Clock = std::chrono::steady_clock;

int MillisUntil(Clock::time_point by) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(by - Clock::now()).count();
  return left < 0 ? 0 : static_cast<int>(left);
}

// Ours, with `more` in the place of what has the same name.
std::vector<std::string> Environment(const std::vector<std::pair<std::string, std::string>>& more) {
  std::vector<std::string> all;
  for (const auto& [name, value] : more) all.push_back(name + "=" + value);
  for (char** each = environ; *each != nullptr; ++each) {
    const std::string variable = *each;
    const std::string name = variable.substr(0, variable.find('='));
    const auto replaced = [&](const auto& other) { return other.first == name; };
    if (std::none_of(more.begin(), more.end(), replaced)) all.push_back(variable);
  }
  return all;
}

std::vector<char*> Pointers(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

// Not fork: this process has threads, and one of them may hold the heap's lock. The pid; -1 where there is no
// such program.
pid_t Spawn(const ChildProcess::Options& options, int out) {
  std::vector<std::string> words = {options.program};
  words.insert(words.end(), options.arguments.begin(), options.arguments.end());
  std::vector<std::string> variables = Environment(options.environment);
  const std::string errors = options.directory + "/stderr";
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, out, 1);
  ::posix_spawn_file_actions_addopen(&actions, 2, errors.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::posix_spawn_file_actions_addchdir_np(&actions, options.directory.c_str());
  pid_t pid = -1;
  const int failed = ::posix_spawn(&pid, options.program.c_str(), &actions, nullptr, Pointers(words).data(),
                                   Pointers(variables).data());
  ::posix_spawn_file_actions_destroy(&actions);
  return failed == 0 ? pid : -1;
}

}  // namespace

ChildProcess::ChildProcess(Options options) : options_(std::move(options)) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return;
  pid_ = Spawn(options_, ends[1]);
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
