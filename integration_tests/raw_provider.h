// A provider that answers with bytes, in pieces that the gateway reads one by one: what no server that knows
// HTTP would send, cut wherever a test wants it. It shares no code with the mock provider or the gateway.
#ifndef ARBSTR_INTEGRATION_TESTS_RAW_PROVIDER_H_
#define ARBSTR_INTEGRATION_TESTS_RAW_PROVIDER_H_

#include <atomic>
#include <cstddef>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "integration_tests/loopback_listener.h"

namespace integration_tests {

// What becomes of the connection behind an answer. A reset comes when all has been read.
enum class RawEnd { kFin, kReset, kKeepAlive };

struct RawAnswer {
  // Each is sent when the gateway has read the one before it.
  std::vector<std::string> pieces;
  RawEnd end = RawEnd::kFin;
};

// "HTTP/1.1 200 OK", an event stream whose length is known, and one that comes in chunks.
std::string EventStreamHead(std::size_t content_length);
std::string ChunkedEventStreamHead();
std::string Chunk(const std::string& data);

// Serves chat requests of the tests' own body, one connection after the other.
class RawProvider {
 public:
  RawProvider();
  ~RawProvider();
  RawProvider(const RawProvider&) = delete;
  RawProvider& operator=(const RawProvider&) = delete;

  // Below it are the paths of an API of OpenAI's.
  std::string url() const { return listener_.url() + "/v1"; }
  // From the next request on; `asked` begins anew.
  void Answer(RawAnswer answer);
  std::size_t asked() const { return asked_; }
  // Of those asked for, how many have been sent to their end.
  std::size_t answered() const { return answered_; }
  std::size_t connections() const { return connections_; }
  // Pieces that the gateway did not read in time: a test that relies on pieces expects 0.
  std::size_t unread() const { return unread_; }

 private:
  void Serve();
  // False: the connection is over.
  bool ServeOne(int connection);
  void Send(int connection, const RawAnswer& answer);

  const LoopbackListener listener_;
  std::mutex mutex_;
  RawAnswer answer_;
  std::atomic<bool> stopped_{false};
  std::atomic<std::size_t> asked_{0};
  std::atomic<std::size_t> answered_{0};
  std::atomic<std::size_t> connections_{0};
  std::atomic<std::size_t> unread_{0};
  std::thread thread_;
};

}  // namespace integration_tests

#endif  // ARBSTR_INTEGRATION_TESTS_RAW_PROVIDER_H_
