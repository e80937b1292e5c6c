#include "proxy/chat/request_numbers.h"

#include <cstdint>
#include <string_view>

namespace arbstr::proxy {

void CountRequestTime(LoopMetrics& metrics, bool streaming, std::chrono::steady_clock::duration overhead,
                      std::chrono::steady_clock::duration took) {
  metrics.overhead.Observe(overhead);
  (streaming ? metrics.stream_duration : metrics.plain_duration).Observe(took);
}

void CountRequest(LoopMetrics& metrics, const request_log::Record& row, bool listed_model) {
  const std::string_view provider = row.provider ? std::string_view(*row.provider) : kNoProvider;
  const std::string_view model = listed_model ? std::string_view(row.model) : kOtherModel;
  metrics.requests.At({provider, model, row.status(), row.streaming}).Add();
  if (!row.provider) return;
  ProviderMetrics& numbers = metrics.providers.At(*row.provider);
  numbers.input_tokens.Add(static_cast<uint64_t>(row.input_tokens.value_or(0)));
  numbers.output_tokens.Add(static_cast<uint64_t>(row.output_tokens.value_or(0)));
  numbers.cost_sats.Add(row.cost_sats.value_or(0));
}

}  // namespace arbstr::proxy
