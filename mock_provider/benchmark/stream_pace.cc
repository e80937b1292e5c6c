// How evenly the mock talks: many streams at once, and by how much the time between two tokens misses what
// the scenario says, for as long as all of them talk. The mock and its reader share this process, a thread
// each; the reader sleeps until something has come, as clients do, so waking it is the mock's to pay for.
//   bazel run -c opt //mock_provider/benchmark:stream_pace -- [STREAMS [TOKENS_PER_SECOND [SECONDS]]]
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "mock_provider/mock_provider.h"

namespace {

using std::chrono::steady_clock;

struct Stream {
  int socket = -1;
  steady_clock::time_point last{};
  int reads = 0;
  std::string tail{};
};

int Connect(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) std::abort();
  return socket;
}

std::string Request() {
  const std::string body = R"({"model":"m","stream":true,"messages":[{"role":"user","content":"hi"}]})";
  return "POST /v1/chat/completions HTTP/1.1\r\nHost: mock\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string Scenario(double tps, int words) {
  std::string text;
  for (int i = 0; i < words; ++i) text += "word ";
  return R"({"providers":[{"name":"mock","stream":{"tps":)" + std::to_string(tps) +
         R"(},"rules":[{"script":[{"reply":{"text":")" + text + R"("}}]}]}]})";
}

double CpuSeconds(int whose) {
  rusage usage{};
  ::getrusage(whose, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

// Time and the CPU-seconds used so far.
struct Usage {
  steady_clock::time_point at = steady_clock::now();
  double reader = CpuSeconds(RUSAGE_THREAD);
  double mock = CpuSeconds(RUSAGE_SELF) - reader;
};

// Takes what has come; false when the stream is at its end. `gap_ms` gets the time since the last read.
bool Read(Stream& stream, double& gap_ms) {
  char buffer[65536];
  const ssize_t bytes = ::recv(stream.socket, buffer, sizeof buffer, MSG_DONTWAIT);
  const auto now = steady_clock::now();
  gap_ms = std::chrono::duration<double, std::milli>(now - stream.last).count();
  stream.last = now;
  ++stream.reads;
  if (bytes <= 0) return false;
  stream.tail.append(buffer, static_cast<std::size_t>(bytes));
  const bool done = stream.tail.find("[DONE]") != std::string::npos;
  stream.tail.erase(0, stream.tail.size() > 16 ? stream.tail.size() - 16 : 0);
  return !done;
}

void PrintReport(std::vector<double>& errors, const Usage& begin, const Usage& end, int streams) {
  std::sort(errors.begin(), errors.end());
  const auto at = [&](double part) {
    return errors[static_cast<std::size_t>(part * static_cast<double>(errors.size() - 1))];
  };
  const double seconds = std::chrono::duration<double>(end.at - begin.at).count();
  const double mock = end.mock - begin.mock;
  const auto gaps = static_cast<double>(errors.size());
  std::printf("%d streams, %zu gaps in %.1f s; busy: mock %.0f %% (%.1f us a token), reader %.0f %%\n",
              streams, errors.size(), seconds, 100 * mock / seconds, 1e6 * mock / gaps,
              100 * (end.reader - begin.reader) / seconds);
  std::printf("inter-token error: p50 %.2f ms, p90 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, worst %.2f ms\n",
              at(0.5), at(0.9), at(0.99), at(0.999), errors.back());
}

// As many connections as the system lets a process have.
void RaiseFileLimit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

// All the streams, from the first request to the last byte.
class Run {
 public:
  // Connects all of them.
  Run(std::uint16_t port, int streams, double tps, int words);

  // Until every stream has ended; false where one fails, or where they never all talked at once.
  bool Play();
  void Report();

 private:
  bool AllAsked() const { return asked_ == streams_.size(); }
  bool AskDue();
  void Take(Stream& stream);

  std::vector<Stream> streams_;
  const double gap_ms_;
  const int poll_ = ::epoll_create1(EPOLL_CLOEXEC);
  const std::string request_ = Request();
  steady_clock::time_point begin_{};
  std::size_t asked_ = 0;
  std::size_t ended_ = 0;
  std::vector<double> errors_;
  std::optional<Usage> all_asked_, first_ended_;
};

Run::Run(std::uint16_t port, int streams, double tps, int words)
    : streams_(static_cast<std::size_t>(streams)), gap_ms_(1000 / tps) {
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    streams_[i].socket = Connect(port);
    epoll_event event{.events = EPOLLIN, .data = {.u64 = i}};
    ::epoll_ctl(poll_, EPOLL_CTL_ADD, streams_[i].socket, &event);
  }
  errors_.reserve(streams_.size() * static_cast<std::size_t>(words + 8));
}

bool Run::Play() {
  begin_ = steady_clock::now();
  epoll_event events[256];
  while (ended_ < streams_.size()) {
    if (!AskDue()) return false;
    const int ready = ::epoll_wait(poll_, events, 256, AllAsked() ? 60'000 : 1);
    if (ready < 0 || (ready == 0 && AllAsked())) return false;
    for (int i = 0; i < ready; ++i) Take(streams_[events[i].data.u64]);
  }
  return !errors_.empty() && all_asked_ && first_ended_;
}

// One by one, as clients come: asked all at once, the streams would be due all at once for ever.
bool Run::AskDue() {
  const auto due = static_cast<std::size_t>((steady_clock::now() - begin_) / std::chrono::milliseconds(3));
  for (; asked_ < std::min(due, streams_.size()); ++asked_) {
    if (::send(streams_[asked_].socket, request_.data(), request_.size(), MSG_NOSIGNAL) < 0) return false;
  }
  if (AllAsked() && !all_asked_) all_asked_.emplace();
  return true;
}

void Run::Take(Stream& stream) {
  double gap = 0;
  if (!Read(stream, gap)) {
    if (!first_ended_) first_ended_.emplace();
    ::close(stream.socket);
    ++ended_;
  } else if (stream.reads > 2 && all_asked_ && !first_ended_) {  // not the head with the role chunk
    errors_.push_back(std::abs(gap - gap_ms_));
  }
}

void Run::Report() { PrintReport(errors_, *all_asked_, *first_ended_, static_cast<int>(streams_.size())); }

}  // namespace

int main(int argc, char** argv) {
  const int streams = argc > 1 ? std::atoi(argv[1]) : 1000;
  const double tps = argc > 2 ? std::atof(argv[2]) : 60;
  const int words = static_cast<int>(tps * (argc > 3 ? std::atof(argv[3]) : 10));
  RaiseFileLimit();
  const auto mock = mock_provider::MockProvider::StartJson(Scenario(tps, words));
  if (!mock.ok()) return 1;
  Run run((*mock)->port("mock"), streams, tps, words);
  if (!run.Play()) return 1;
  run.Report();
  return 0;
}
