// What a provider does with one request that reaches it, and what of it the gateway has to understand.
#ifndef ARBSTR_PROXY_SIMULATION_SCRIPT_H_
#define ARBSTR_PROXY_SIMULATION_SCRIPT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "proxy/simulation/chance.h"
#include "proxy/simulation/timeline.h"

namespace arbstr::proxy::simulation {

struct Tokens {
  int64_t input = 0, output = 0;
};

// What has been said once the gateway has read up to a point.
struct ProviderEvent {
  enum class Kind {
    kErrorHead,     // the head of a response that is an error
    kResponse,      // a whole response that is no stream
    kFault,         // what cannot be a response
    kStreamBegins,  // the head of an event stream
    kEvent,         // of a stream
    kEnd,           // the connection has ended or broken, or the message has ended
  };
  Kind kind = Kind::kResponse;
  // Of a response:
  int status = 200;
  bool error_body = false;               // a 200 that is an error
  std::optional<milliseconds> asked;     // Retry-After, as a time to wait
  std::optional<TimePoint> asked_until;  // likewise, as a date
  std::string body;
  // Of a response or an event:
  std::optional<Tokens> usage;
  std::optional<double> total_cost;
  // Of an event:
  bool token = false, finish = false, done = false, error = false, malformed = false, usage_only = false;
  bool comment = false;             // no event at all, but bytes
  std::optional<int64_t> choice{};  // that it is of
  std::string event;                // its bytes
  // Of a stream's end: the message's, as HTTP has it, and that it is no more than the connection's.
  bool message_ends = false, by_close = false;
};

struct Step {
  Duration wait{};  // after the step before it
  std::string bytes{};
  enum class Then { kNothing, kEnd, kBreak } then = Then::kNothing;
  std::optional<ProviderEvent> told{};      // with the bytes
  std::optional<ProviderEvent> told_end{};  // with the end
};

struct ScriptFor {
  int64_t request = 0;
  bool stream = false;
  bool usage = false;  // a stream is to carry its usage
  int64_t choices = 1;
  int health = 100;  // percent of requests that this provider answers as it should
  size_t largest_response = 0;
  TimePoint now{};
};

std::vector<Step> WriteScript(const ScriptFor& request, Chance& chance);

// Where it fails before a byte is sent. Nothing: connected.
struct ConnectScript {
  Duration takes{};  // max(): for ever
  bool fails = false;
};
ConnectScript WriteConnectScript(int health, Chance& chance);

// Chance's pace: from at once to seconds.
Duration Pause(Chance& chance);

}  // namespace arbstr::proxy::simulation

#endif  // ARBSTR_PROXY_SIMULATION_SCRIPT_H_
