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

void Report(std::vector<double>& errors, const Usage& begin, const Usage& end, int streams) {
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

}  // namespace

int main(int argc, char** argv) {
  const int streams = argc > 1 ? std::atoi(argv[1]) : 1000;
  const double tps = argc > 2 ? std::atof(argv[2]) : 60;
  const int words = static_cast<int>(tps * (argc > 3 ? std::atof(argv[3]) : 10));
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);

  const auto mock = mock_provider::MockProvider::StartJson(Scenario(tps, words));
  if (!mock.ok()) return 1;
  const int poll = ::epoll_create1(EPOLL_CLOEXEC);
  std::vector<Stream> open(static_cast<std::size_t>(streams));
  const std::string request = Request();
  for (std::size_t i = 0; i < open.size(); ++i) {
    open[i].socket = Connect((*mock)->port("mock"));
    epoll_event event{.events = EPOLLIN, .data = {.u64 = i}};
    ::epoll_ctl(poll, EPOLL_CTL_ADD, open[i].socket, &event);
  }
  const auto begin = steady_clock::now();
  // One by one, as clients come: asked all at once, the streams would be due all at once for ever.
  std::size_t asked = 0;
  const auto ask_due = [&] {
    const auto due = static_cast<std::size_t>((steady_clock::now() - begin) / std::chrono::milliseconds(3));
    for (; asked < std::min(due, open.size()); ++asked) {
      if (::send(open[asked].socket, request.data(), request.size(), MSG_NOSIGNAL) < 0) return false;
    }
    return true;
  };
  std::vector<double> errors;
  errors.reserve(open.size() * static_cast<std::size_t>(words + 8));
  epoll_event events[256];
  std::optional<Usage> all_asked, first_ended;
  for (std::size_t left = open.size(); left > 0;) {
    if (!ask_due()) return 1;
    if (asked == open.size() && !all_asked) all_asked.emplace();
    const int ready = ::epoll_wait(poll, events, 256, asked < open.size() ? 1 : 60'000);
    if (ready < 0 || (ready == 0 && asked == open.size())) return 1;
    for (int i = 0; i < ready; ++i) {
      Stream& stream = open[events[i].data.u64];
      double gap = 0;
      const bool going = Read(stream, gap);
      // Not the head with the role chunk, nor what ends a stream.
      if (going && stream.reads > 2 && all_asked && !first_ended)
        errors.push_back(std::abs(gap - 1000 / tps));
      if (!going) {
        if (!first_ended) first_ended.emplace();
        ::close(stream.socket);
        --left;
      }
    }
  }
  if (errors.empty() || !all_asked || !first_ended) return 1;
  Report(errors, *all_asked, *first_ended, streams);
  return 0;
}
