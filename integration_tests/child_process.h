// A program run as a child: its first line of output awaited, its end observed, never left behind.
#ifndef ARBSTR_INTEGRATION_TESTS_CHILD_PROCESS_H_
#define ARBSTR_INTEGRATION_TESTS_CHILD_PROCESS_H_

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace integration_tests {

// How long anything is waited for before a test gives up: generous, since sanitizers and a busy machine are
// slow.
inline constexpr std::chrono::seconds kPatience{30};

class ChildProcess {
 public:
  struct Options {
    std::string program;
    std::vector<std::string> arguments{};
    std::string directory;  // its working directory; its stderr goes to the file `stderr` there
    std::vector<std::pair<std::string, std::string>> environment{};  // added to ours
  };

  explicit ChildProcess(Options options);
  // Kills it where it still runs.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }

  // The next line of its stdout, without its end; nothing when it ended first or patience did.
  std::optional<std::string> ReadLine();
  // What else comes on stdout until it ends.
  std::string ReadRest();
  std::string StderrText() const;

  void Signal(int signal) const;
  // Waits for its end. The exit status; 128 + the signal's number where a signal ended it; nothing when it
  // goes on.
  std::optional<int> WaitForExit(std::chrono::milliseconds limit = kPatience);

 private:
  bool ReadMore(std::chrono::steady_clock::time_point by);

  const Options options_;
  pid_t pid_ = -1;
  int stdout_ = -1;
  std::string unread_;
  std::optional<int> exit_;
};

}  // namespace integration_tests

#endif  // ARBSTR_INTEGRATION_TESTS_CHILD_PROCESS_H_
