#include "proxy/chat/attempt_numbers.h"

namespace arbstr::proxy {

void CountAttemptBegun(LoopMetrics& metrics, const AttemptLog& attempt_log, const std::string& provider) {
  const std::string* const before = attempt_log.last_provider();
  if (before == nullptr) return;
  ProviderMetrics& numbers = metrics.providers.At(provider);
  (*before == provider ? numbers.retries : numbers.fallbacks).Add();
}

void CountAttemptEnded(LoopMetrics& metrics, const std::string& provider, AttemptEnd end,
                       const ExchangeTimes& times, std::chrono::steady_clock::duration took) {
  ProviderMetrics& numbers = metrics.providers.At(provider);
  numbers.attempts[static_cast<std::size_t>(end)].Add();
  if (times.connect) numbers.connect.Observe(*times.connect);
  if (times.first_byte) numbers.first_byte.Observe(*times.first_byte);
  numbers.total.Observe(took);
}

AttemptEnd EndOf(retry::Outcome outcome) {
  switch (outcome) {
    case retry::Outcome::kAnswered:
      return AttemptEnd::kAnswered;
    case retry::Outcome::kFinal:
      return AttemptEnd::kFinal;
    case retry::Outcome::kRetryable:
      return AttemptEnd::kRetryable;
    case retry::Outcome::kNextProvider:
      return AttemptEnd::kNextProvider;
    case retry::Outcome::kDeadline:
      return AttemptEnd::kDeadline;
    case retry::Outcome::kClientGone:
    case retry::Outcome::kSkipped:
      break;
  }
  return AttemptEnd::kClientGone;
}

AttemptVerdict VerdictOf(AttemptEnd end) {
  switch (end) {
    case AttemptEnd::kAnswered:
    case AttemptEnd::kFinal:
      return AttemptVerdict::kAnswered;
    case AttemptEnd::kRetryable:
    case AttemptEnd::kNextProvider:
    case AttemptEnd::kDeadline:
    case AttemptEnd::kBrokenStream:
    case AttemptEnd::kGatewayLimit:
      return AttemptVerdict::kFailed;
    case AttemptEnd::kClientGone:
      break;
  }
  return AttemptVerdict::kCut;
}

}  // namespace arbstr::proxy
