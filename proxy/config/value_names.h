// What the configuration calls the values of its enums, for whoever reads it and whoever writes it.
#ifndef ARBSTR_PROXY_CONFIG_VALUE_NAMES_H_
#define ARBSTR_PROXY_CONFIG_VALUE_NAMES_H_

#include <algorithm>
#include <array>
#include <utility>

#include "proxy/config/config.h"
#include "router/policy.h"

namespace arbstr::proxy {

template <typename Enum, std::size_t kCount>
using ValueNames = std::array<std::pair<const char*, Enum>, kCount>;

inline constexpr ValueNames<Durability, 2> kDurabilityNames{
    {{"group", Durability::kGroup}, {"before_response", Durability::kBeforeResponse}}};
inline constexpr ValueNames<StreamingRetry, 2> kStreamingRetryNames{
    {{"fail_fast", StreamingRetry::kFailFast}, {"before_first_token", StreamingRetry::kBeforeFirstToken}}};
inline constexpr ValueNames<ProviderConfig::Auth, 2> kAuthNames{
    {{"bearer", ProviderConfig::Auth::kBearer}, {"api-key", ProviderConfig::Auth::kApiKey}}};
inline constexpr ValueNames<router::Strategy, 3> kStrategyNames{
    {{"cheapest", router::Strategy::kCheapest},
     {"lowest_latency", router::Strategy::kLowestLatency},
     {"round_robin", router::Strategy::kRoundRobin}}};
inline constexpr ValueNames<LogLevel, 5> kLogLevelNames{{{"trace", LogLevel::kTrace},
                                                         {"debug", LogLevel::kDebug},
                                                         {"info", LogLevel::kInfo},
                                                         {"warn", LogLevel::kWarn},
                                                         {"error", LogLevel::kError}}};
inline constexpr ValueNames<LogFormat, 2> kLogFormatNames{
    {{"text", LogFormat::kText}, {"json", LogFormat::kJson}}};

// `value` is one of those named.
template <typename Enum, std::size_t kCount>
const char* NameOf(const ValueNames<Enum, kCount>& names, Enum value) {
  return std::ranges::find(names, value, &std::pair<const char*, Enum>::second)->first;
}

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CONFIG_VALUE_NAMES_H_
