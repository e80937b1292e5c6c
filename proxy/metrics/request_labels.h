// The labels of arbstr_requests_total and of arbstr_http_responses_total. Text is std::string where it is
// kept and std::string_view where it is looked up.
#ifndef ARBSTR_PROXY_METRICS_REQUEST_LABELS_H_
#define ARBSTR_PROXY_METRICS_REQUEST_LABELS_H_

#include <compare>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace arbstr::proxy {

// What stands for a model that the configuration does not name, so that no client can make up a label.
inline constexpr std::string_view kOtherModel = "other";
// What stands for the provider of a request that reached none.
inline constexpr std::string_view kNoProvider = "none";

// The route of chat requests, whichever of its two paths was asked.
inline constexpr std::string_view kChatRoute = "/v1/chat/completions";

template <typename Text>
struct RequestLabelsOf {
  Text provider, model;
  int status = 0;
  bool streaming = false;

  RequestLabelsOf() = default;
  RequestLabelsOf(Text p, Text m, int s, bool streams)
      : provider(std::move(p)), model(std::move(m)), status(s), streaming(streams) {}
  template <typename Other>
  explicit RequestLabelsOf(const RequestLabelsOf<Other>& other)
      : provider(other.provider), model(other.model), status(other.status), streaming(other.streaming) {}

  template <typename Other>
  bool operator==(const RequestLabelsOf<Other>& other) const {
    return provider == other.provider && model == other.model && status == other.status &&
           streaming == other.streaming;
  }
  auto operator<=>(const RequestLabelsOf&) const = default;
};
using RequestLabels = RequestLabelsOf<std::string>;
using RequestLabelsView = RequestLabelsOf<std::string_view>;

struct RequestLabelsHash {
  using is_transparent = void;
  template <typename Text>
  std::size_t operator()(const RequestLabelsOf<Text>& labels) const {
    const std::hash<std::string_view> hash;
    const std::size_t numbers = static_cast<std::size_t>(labels.status) * 2 + (labels.streaming ? 1 : 0);
    return (hash(labels.provider) * 31 + hash(labels.model)) * 31 + numbers;
  }
};

// A response of ours, on any route. `route` is one of a fixed set, with static storage.
struct ResponseLabels {
  std::string_view route;
  int status = 0;
  auto operator<=>(const ResponseLabels&) const = default;
};

struct ResponseLabelsHash {
  std::size_t operator()(const ResponseLabels& labels) const {
    return std::hash<std::string_view>{}(labels.route) * 31 + static_cast<std::size_t>(labels.status);
  }
};

struct ProviderNameHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view name) const { return std::hash<std::string_view>{}(name); }
};

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_METRICS_REQUEST_LABELS_H_
