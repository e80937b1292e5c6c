// Clients of every kind at once, against providers that fail in every way: what each of them sent and saw.
#ifndef ARBSTR_INTEGRATION_TESTS_CHAOS_LOAD_H_
#define ARBSTR_INTEGRATION_TESTS_CHAOS_LOAD_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace integration_tests {

// A scenario of two providers, "alpha" and "beta", that fail by chance and by model, and the models to list.
inline constexpr const char* kChaosScenario = R"({"seed":11,"providers":[
  {"name":"alpha","rules":[
    {"name":"hang","match":{"model":"hang"},"script":[{"hang":{"at":"before_headers"}}]},
    {"name":"cut","match":{"stream":true},"probability":0.1,"script":[{"frames":{"at":[{"frame":2,"end":"reset"}]}}]},
    {"name":"503","probability":0.15,"script":[{"error":503}]},
    {"name":"reset","probability":0.05,"script":[{"fault":"reset"}]},
    {"name":"429","probability":0.05,"script":[{"error":"rate_limit"}]},
    {"name":"half","probability":0.05,"script":[{"fault":"close_mid_body"}]}]},
  {"name":"beta","rules":[
    {"name":"500","probability":0.2,"script":[{"error":500}]},
    {"name":"garbage","probability":0.05,"script":[{"fault":"random_bytes"}]}]}]})";
inline constexpr const char* kChaosModels = "models = [\"gpt-4o\", \"hang\"]\n";

// What the clients know.
struct ChaosSeen {
  struct Answer {
    int status = 0;
    bool streaming = false;
    bool complete = false;
    std::string provider, retries;  // what the headers say; empty without them
  };
  std::map<std::string, Answer> answers;  // of requests that can be read, by request id
  std::map<int, std::size_t> responses;   // of all chat requests that were answered, by status
  std::size_t readable = 0;               // requests sent whole that can be read
  std::size_t unreadable = 0;             // those that cannot, each answered 400
  std::size_t left = 0;                   // of the readable: the client did not wait for the end
  std::size_t unanswered = 0;             // of the readable: the connection ended without an answer
};

class ChaosLoad {
 public:
  // `clients` threads, each drawing its requests from `seed`, share out `requests`.
  ChaosLoad(std::uint16_t port, unsigned seed, int clients, std::size_t requests);

  // Runs until all requests are made, or, for each client, until the gateway takes no connection any more.
  // Call once.
  ChaosSeen Run();

  // How many answers there have been so far; any thread may ask.
  std::size_t answered() const { return answered_; }

 private:
  class Client;

  const std::uint16_t port_;
  const unsigned seed_;
  const int clients_;
  const std::size_t requests_;
  std::atomic<std::size_t> answered_{0};
};

}  // namespace integration_tests

#endif  // ARBSTR_INTEGRATION_TESTS_CHAOS_LOAD_H_
