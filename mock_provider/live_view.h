// Prints a line for each request while the mock runs. Writing to a terminal may block for as long as its user
// likes, so a thread of its own does it; lines that it cannot keep up with are only counted.
#ifndef ARBSTR_MOCK_PROVIDER_LIVE_VIEW_H_
#define ARBSTR_MOCK_PROVIDER_LIVE_VIEW_H_

#include <condition_variable>
#include <cstddef>
#include <cstdio>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

#include "mock_provider/journal/journal.h"

namespace mock_provider {

class LiveView : public JournalObserver {
 public:
  // The file must outlive the view.
  explicit LiveView(std::FILE* file, std::size_t most_waiting = 1000);
  // Writes the lines that are still waiting.
  ~LiveView() override;
  LiveView(const LiveView&) = delete;
  LiveView& operator=(const LiveView&) = delete;

  void Arrived(const JournalEntry& entry) override;
  void Ended(const JournalEntry& entry) override;
  void Cleared() override {}

 private:
  void Add(std::string line);
  void Write();

  std::FILE* const file_;
  const std::size_t most_waiting_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> waiting_;
  std::size_t left_out_ = 0;
  bool ending_ = false;
  std::thread writer_;
};

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_LIVE_VIEW_H_
