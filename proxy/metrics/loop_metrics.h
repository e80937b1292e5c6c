// What one event loop counts. Only its thread changes it; a page of all loops' sums is made from any.
#ifndef ARBSTR_PROXY_METRICS_LOOP_METRICS_H_
#define ARBSTR_PROXY_METRICS_LOOP_METRICS_H_

#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "proxy/metrics/counter.h"
#include "proxy/metrics/histogram.h"
#include "proxy/metrics/request_labels.h"
#include "proxy/metrics/series_table.h"

namespace arbstr::proxy {

// How an attempt at a provider ended.
enum class AttemptEnd {
  kAnswered,      // a whole 2xx
  kFinal,         // a refusal that was passed on, such as a 400
  kRetryable,     // a failure that another attempt may mend
  kNextProvider,  // a failure after which this provider is not asked again
  kDeadline,      // cut by the request's deadline
  kBrokenStream,  // a stream that began, and was cut, fell silent or ended in an error
  kClientGone,    // the client left, or the gateway ended
  kGatewayLimit,  // the gateway itself had no descriptor, port or memory left
};
inline constexpr std::size_t kAttemptEnds = 8;

// Of one provider. Rows are counted with the provider that their row names.
struct ProviderMetrics {
  std::array<Counter, kAttemptEnds> attempts;  // by AttemptEnd
  Counter retries;                             // attempts after another one at the same provider
  Counter fallbacks;                           // attempts after one at another provider
  Counter input_tokens, output_tokens;         // of rows
  FloatCounter cost_sats;                      // of rows
  Histogram connect{kMiddleBounds};            // of each new connection, TLS included
  Histogram first_byte{kLongBounds};           // from the attempt's beginning to the response's first byte
  Histogram total{kLongBounds};                // of each attempt, to its end
};

class LoopMetrics {
 public:
  using Requests = SeriesTable<RequestLabels, RequestLabelsView, Counter, RequestLabelsHash>;
  using Responses = SeriesTable<ResponseLabels, ResponseLabels, Counter, ResponseLabelsHash>;
  using Providers = SeriesTable<std::string, std::string_view, ProviderMetrics, ProviderNameHash>;

  Requests requests;
  Responses responses;
  Providers providers;
  Gauge in_flight;                         // chat requests
  Counter deadline_exceeded;               // requests answered 504 for it
  Histogram overhead{kShortBounds};        // our own time in a request, waits for providers left out
  Histogram plain_duration{kLongBounds};   // of whole requests
  Histogram stream_duration{kLongBounds};  // likewise
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_METRICS_LOOP_METRICS_H_
