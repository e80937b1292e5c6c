#include "mock_provider/testing_program.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <string_view>
#include <utility>

namespace mock_provider::testing {
namespace {

using std::chrono::steady_clock;

constexpr auto kPatience = std::chrono::seconds(20);
constexpr const char* kBinary = "mock_provider/mock_provider";  // from the runfiles' root, where tests run

std::vector<char*> ArgumentList(std::vector<std::string>& arguments) {
  std::vector<char*> list = {const_cast<char*>(kBinary)};
  for (std::string& argument : arguments) list.push_back(argument.data());
  list.push_back(nullptr);
  return list;
}

// The test's own, but for the folder that `bazel run` would tell.
std::vector<char*> Environment() {
  std::vector<char*> list;
  for (char** variable = environ; *variable; ++variable) {
    if (!std::string_view(*variable).starts_with("BUILD_WORKING_DIRECTORY=")) list.push_back(*variable);
  }
  list.push_back(nullptr);
  return list;
}

}  // namespace

Program::Program(std::vector<std::string> arguments, Stderr kind) {
  std::array<int, 2> out{}, err{};
  if (::pipe2(out.data(), O_CLOEXEC) != 0) return;
  const int opened = kind == Stderr::kTerminal ? ::openpty(&err[0], &err[1], nullptr, nullptr, nullptr)
                                               : ::pipe2(err.data(), O_CLOEXEC);
  if (opened != 0) return;
  ::fcntl(err[0], F_SETFD, FD_CLOEXEC);
  const std::vector<char*> list = ArgumentList(arguments), environment = Environment();
  process_ = ::fork();
  if (process_ == 0) {
    // Another thread may have held any lock at the fork, malloc's for one: only calls that take none.
    ::dup2(out[1], STDOUT_FILENO);
    ::dup2(err[1], STDERR_FILENO);
    ::execve(kBinary, list.data(), environment.data());
    ::_exit(127);
  }
  ::close(out[1]);
  ::close(err[1]);
  out_.descriptor = out[0];
  err_.descriptor = err[0];
}

Program::~Program() {
  if (process_ > 0) {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  StopReading();
}

void Program::StopReading() {
  ::close(std::exchange(out_.descriptor, -1));
  ::close(std::exchange(err_.descriptor, -1));
}

std::string Program::ReadUntil(Stream& stream, const std::string& text) {
  if (stream.descriptor < 0) return stream.text;
  const auto deadline = steady_clock::now() + kPatience;
  while (text.empty() || stream.text.find(text) == std::string::npos) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - steady_clock::now()).count();
    pollfd readable{.fd = stream.descriptor, .events = POLLIN, .revents = 0};
    if (left <= 0 || ::poll(&readable, 1, static_cast<int>(left)) <= 0) break;
    std::array<char, 4096> buffer;
    const ssize_t bytes = ::read(stream.descriptor, buffer.data(), buffer.size());
    if (bytes <= 0) break;  // a terminal's last user gone reads as an error
    stream.text.append(buffer.data(), static_cast<std::size_t>(bytes));
  }
  return stream.text;
}

std::uint16_t Program::PortOf(const std::string& name) {
  const std::string out = OutUntil("mock admin listening on ");
  const std::string line =
      name == "admin" ? "mock admin listening on " : "mock provider " + name + " listening on ";
  const std::size_t begin = out.find(line);
  if (begin == out.npos) return 0;
  const std::string all = OutUntil("\nmock admin listening on http://127.0.0.1:");
  const std::size_t end = all.find('\n', begin);
  const std::string url = all.substr(begin, end - begin);
  return static_cast<std::uint16_t>(std::atoi(url.c_str() + url.rfind(':') + 1));
}

void Program::Signal(int signal) {
  if (process_ > 0) ::kill(process_, signal);
}

int Program::Wait() {
  OutUntil("");
  ErrUntil("");
  int status = 0;
  if (process_ <= 0 || ::waitpid(process_, &status, WNOHANG) != process_) {
    // Both streams are closed: it is about to be gone, unless something is wrong with it.
    const auto deadline = steady_clock::now() + kPatience;
    pid_t gone = 0;
    while (process_ > 0 && gone == 0 && steady_clock::now() < deadline) {
      ::poll(nullptr, 0, 1);
      gone = ::waitpid(process_, &status, WNOHANG);
    }
    if (gone != process_) return -1;
  }
  process_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string WriteFile(const std::string& name, const std::string& text) {
  const char* folder = std::getenv("TEST_TMPDIR");
  const std::string path = std::string(folder ? folder : "/tmp") + "/" + name;
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

}  // namespace mock_provider::testing
