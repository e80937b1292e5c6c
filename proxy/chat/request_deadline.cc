#include "proxy/chat/request_deadline.h"

#include <fmt/format.h>

#include <charconv>

namespace arbstr::proxy {

bool MatchesGlob(std::string_view glob, std::string_view text) {
  size_t g = 0, t = 0;
  size_t star = glob.npos, resume = 0;
  while (t < text.size()) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      resume = t;
    } else if (g < glob.size() && (glob[g] == '?' || glob[g] == text[t])) {
      ++g;
      ++t;
    } else if (star != glob.npos) {
      g = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  return glob.find_first_not_of('*', g) == glob.npos;
}

std::variant<RequestDeadline, ApiError> ReadRequestDeadline(const RetryConfig& config,
                                                            const RequestParser& head,
                                                            const ChatRequest& request) {
  const bool fails_fast = request.stream && config.streaming == StreamingRetry::kFailFast;
  if (const auto header = head.Header("x-arbstr-deadline-ms")) {
    int64_t value = 0;
    const auto [end, error] = std::from_chars(header->data(), header->data() + header->size(), value);
    if (error != std::errc() || end != header->data() + header->size() || value < 1 ||
        value > config.max_deadline.count()) {
      return ApiError{
          400, "invalid_deadline",
          fmt::format("x-arbstr-deadline-ms must be a whole number from 1 to {} (retry.max_deadline_ms).",
                      config.max_deadline.count()),
          ""};
    }
    if (!fails_fast) {
      return RequestDeadline{std::chrono::milliseconds(value),
                             fmt::format("{} ms (x-arbstr-deadline-ms)", value),
                             fmt::format("Ask for more there, at most {}.", config.max_deadline.count())};
    }
  }
  if (fails_fast) {
    return RequestDeadline{config.first_event,
                           fmt::format("{} ms (retry.first_event_ms)", config.first_event.count()),
                           "Raise it there."};
  }
  std::string remedy =
      fmt::format("Raise it there, or for one request with the header x-arbstr-deadline-ms (at most {}).",
                  config.max_deadline.count());
  for (const auto& [glob, time] : config.deadline_by_model) {
    if (MatchesGlob(glob, request.model)) {
      return RequestDeadline{time, fmt::format("{} ms (retry.deadline_by_model, {})", time.count(), glob),
                             std::move(remedy)};
    }
  }
  return RequestDeadline{config.deadline, fmt::format("{} ms (retry.deadline_ms)", config.deadline.count()),
                         std::move(remedy)};
}

}  // namespace arbstr::proxy
