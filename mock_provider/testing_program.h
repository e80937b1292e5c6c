// The mock as a process of its own, for tests of its command line.
#ifndef ARBSTR_MOCK_PROVIDER_TESTING_PROGRAM_H_
#define ARBSTR_MOCK_PROVIDER_TESTING_PROGRAM_H_

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace mock_provider::testing {

class Program {
 public:
  enum class Stderr { kPipe, kTerminal };

  // Starts the mock_provider of the test's runfiles.
  Program(std::vector<std::string> arguments, Stderr kind = Stderr::kPipe);
  // Kills it if it still runs.
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  // What came so far; both wait, 20 s at most, until the text has come or the program has closed the stream.
  std::string OutUntil(const std::string& text) { return ReadUntil(out_, text); }
  std::string ErrUntil(const std::string& text) { return ReadUntil(err_, text); }

  // The port in the line that begins "mock provider NAME listening on"; "admin" is the admin API's.
  std::uint16_t PortOf(const std::string& name);

  // Closes both streams, as a reader does that wants no more of them.
  void StopReading();

  void Signal(int signal);
  // The exit status, after both streams have been read to their ends; -1 when it did not exit by itself.
  int Wait();

  const std::string& out() const { return out_.text; }
  const std::string& err() const { return err_.text; }

 private:
  struct Stream {
    int descriptor = -1;
    std::string text{};
  };
  static std::string ReadUntil(Stream& stream, const std::string& text);

  pid_t process_ = -1;
  Stream out_, err_;
};

// A file in the test's own folder with that text; returns its path.
std::string WriteFile(const std::string& name, const std::string& text);

}  // namespace mock_provider::testing

#endif  // ARBSTR_MOCK_PROVIDER_TESTING_PROGRAM_H_
