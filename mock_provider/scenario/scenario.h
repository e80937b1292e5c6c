// What a scenario file says, as values. scenario_parser.h reads them from JSON, scenario_writer.h writes them
// back; a C++ test may also fill them in directly. The file format is described in docs/scenarios.md.
#ifndef ARBSTR_MOCK_PROVIDER_SCENARIO_SCENARIO_H_
#define ARBSTR_MOCK_PROVIDER_SCENARIO_SCENARIO_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mock_provider/scenario/action.h"
#include "mock_provider/scenario/delay.h"
#include "mock_provider/scenario/dialect.h"

namespace mock_provider {

// A span of the scenario's clock, in milliseconds since its start.
struct Window {
  double after_ms = 0;
  std::optional<double> for_ms{};    // absent: it never ends
  std::optional<double> every_ms{};  // absent: it opens once
};

// What a request must look like; an absent part fits any request.
struct Match {
  struct BodyValue {
    std::string pointer{};  // RFC 6901
    std::string json{};     // the value wanted, as JSON text; a string is a glob
  };
  std::optional<std::string> method{};  // glob
  // Glob. It is held against the path as the client encoded it, without the query.
  std::optional<std::string> path{};
  std::optional<std::string> model{};                          // glob
  std::optional<bool> stream{};                                // an absent "stream" in a request is false
  std::vector<std::pair<std::string, std::string>> headers{};  // name, in any case -> glob
  std::vector<BodyValue> body{};
  std::optional<std::string> prompt_contains{};  // in the text of any message
};

// What a rule's counters are kept per.
struct Key {
  enum class Source { kNone, kHeader, kBody, kConnection };
  Source source = Source::kNone;
  std::string name{};  // kHeader: its name; kBody: the JSON pointer
};

struct Choice {
  double weight = 1;
  Action action{};
};

struct Step {
  Action action{};
  std::vector<Choice> choose{};  // not empty: one of these is drawn, `action` is unused
  std::int64_t times = 1;
};

enum class Then { kLast, kRepeat, kPass };

struct Rule {
  std::string name{};  // unique within its provider
  Match match{};
  Key key{};
  std::optional<double> probability{};
  std::vector<Window> schedule{};  // empty: always
  std::vector<Step> script{};      // never empty
  Then then = Then::kLast;
};

// How fast a healthy stream is sent; a step's own `frames.delay_ms` replaces it.
struct StreamPace {
  std::optional<Delay> ttft_ms{};  // before frame 0
  std::optional<double> tps{};     // frames a second
  double jitter = 0;               // each gap is drawn from gap * (1 ± jitter)
};

// What a provider lets through; an absent limit limits nothing. A minute's worth may be used at once, and
// comes back evenly over the minute.
struct RateLimits {
  std::optional<std::int64_t> rpm{};          // requests a minute
  std::optional<std::int64_t> tpm{};          // tokens a minute
  std::optional<std::int64_t> concurrency{};  // requests at once
};

// How a provider meets clients that speak TLS.
struct Tls {
  enum class Certificate { kValid, kSelfSigned, kExpired, kWrongName };
  enum class Handshake { kNormal, kHang, kClose };
  Certificate certificate = Certificate::kValid;
  std::vector<std::string> names{};          // it is for these too, DNS names and addresses; not kWrongName
  Handshake handshake = Handshake::kNormal;  // kHang, kClose: no certificate is ever shown
};

// Where normal replies come from instead of being made up.
struct Upstream {
  std::string url{};          // http or https, with the base path: "https://api.example.com/v1"
  std::string ca_file{};      // PEM; empty: the system's CAs
  std::string api_key{};      // instead of the client's own
  std::string api_key_env{};  // the environment variable that holds that key
};

struct Provider {
  std::string name = "mock";
  std::string listen{};  // HOST:PORT; empty: any free port of 127.0.0.1
  Dialect dialect = Dialect::kOpenAi;
  std::vector<std::string> models{};    // what GET /v1/models lists; empty: one called mock-model
  std::vector<std::string> api_keys{};  // empty: any key, or none
  StreamPace stream{};
  RateLimits limits{};
  std::optional<Tls> tls{};            // absent: plain HTTP
  std::optional<Upstream> upstream{};  // absent: replies are made up
  std::vector<Window> refuse{};        // when its port refuses connections
  std::vector<Rule> rules{};
  // Model names choose faults ("error:503"), see model_name_action.h. Not a field of the file: it is how the
  // mock behaves when it was given no scenario.
  bool models_choose_faults = false;
};

struct Scenario {
  std::uint64_t seed = 0;
  std::vector<Provider> providers{};
};

// One healthy provider called `mock` whose model names choose faults: the mock without a scenario.
inline Scenario DefaultScenario() {
  Scenario scenario;
  scenario.providers.emplace_back().models_choose_faults = true;
  return scenario;
}

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_SCENARIO_SCENARIO_H_
