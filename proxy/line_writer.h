// Lines for a file descriptor that may be slow, stop taking them or never be read: written by a thread of
// their own, many at a time.
#ifndef ARBSTR_PROXY_LINE_WRITER_H_
#define ARBSTR_PROXY_LINE_WRITER_H_

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace arbstr::proxy {

// Thread-safe.
class LineWriter {
 public:
  // How long lines gather before they are written: to write each by itself costs a request more than all else
  // that is logged of it.
  static constexpr std::chrono::milliseconds kGather{20};

  // Writes to `descriptor`, which stays the caller's and outlives this. At most `max_bytes` wait at a time.
  // What cannot be written, to a disk that is full or to nobody, is dropped too. `gap` makes the line that
  // stands for so many that were dropped.
  LineWriter(int descriptor, size_t max_bytes, std::function<std::string(uint64_t)> gap);
  // Where Stop has not returned true this waits for all to be written: for ever, if the descriptor takes
  // nothing.
  ~LineWriter();
  LineWriter(const LineWriter&) = delete;
  LineWriter& operator=(const LineWriter&) = delete;

  // `pieces` one behind the other are a line, which ends with a line break. Never waits for the descriptor:
  // where too much waits already the line is dropped, and the gap's line is written in its place.
  void Append(std::span<const std::string_view> pieces);
  void Append(std::string_view line) { Append(std::span(&line, 1)); }

  // Writes what waits and ends. False: not within `limit`; the thread then lives on with what it shares.
  [[nodiscard]] bool Stop(std::chrono::milliseconds limit);

 private:
  struct Shared {
    explicit Shared(std::function<std::string(uint64_t)> g) : gap(std::move(g)) {}

    // Puts the gap's line behind `text`, if there is one to tell of.
    void TellOfDropped(std::string& text);

    const std::function<std::string(uint64_t)> gap;
    std::mutex mutex;
    std::condition_variable changed;
    std::string waiting;
    uint64_t dropped = 0;  // behind what waits
    uint64_t told = 0;     // by lines among what waits, besides those lines themselves
    bool idle = false;     // the writer sleeps until it is woken
    bool stopping = false;
    bool ended = false;
  };
  static void Run(Shared& shared, int descriptor);

  const size_t max_bytes_;
  const std::shared_ptr<Shared> shared_;
  std::thread writer_;
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_LINE_WRITER_H_
