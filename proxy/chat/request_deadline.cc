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

std::string RequestDeadline::limit() const {
  switch (source) {
    case Source::kHeader:
      return fmt::format("{} ms (x-arbstr-deadline-ms)", time.count());
    case Source::kFirstEvent:
      return fmt::format("{} ms (retry.first_event_ms)", time.count());
    case Source::kModel:
      return fmt::format("{} ms (retry.deadline_by_model, {})", time.count(), glob);
    case Source::kDefault:
      break;
  }
  return fmt::format("{} ms (retry.deadline_ms)", time.count());
}

std::string RequestDeadline::remedy() const {
  switch (source) {
    case Source::kHeader:
      return fmt::format("Ask for more there, at most {}.", most.count());
    case Source::kFirstEvent:
      return "Raise it there.";
    case Source::kModel:
    case Source::kDefault:
      break;
  }
  if (time >= most) return "Raise it there.";
  return fmt::format("Raise it there, or for one request with the header x-arbstr-deadline-ms (at most {}).",
                     most.count());
}

std::variant<RequestDeadline, ApiError> ReadRequestDeadline(const RetryConfig& config,
                                                            const RequestParser& head,
                                                            const ChatRequest& request) {
  using Source = RequestDeadline::Source;
  RequestDeadline limit{config.deadline, Source::kDefault, "", config.max_deadline, config.deadline};
  for (const auto& [glob, time] : config.deadline_by_model) {
    if (!MatchesGlob(glob, request.model)) continue;
    limit.time = limit.usual = time;
    limit.source = Source::kModel;
    limit.glob = glob;
    break;
  }
  if (const auto header = head.Header("x-arbstr-deadline-ms")) {
    int64_t value = 0;
    const auto [end, error] = std::from_chars(header->data(), header->data() + header->size(), value);
    if (error != std::errc() || end != header->data() + header->size() || value < 1 ||
        value > config.max_deadline.count() || head.HeaderCount("x-arbstr-deadline-ms") > 1) {
      return ApiError{
          400, "invalid_deadline",
          fmt::format("x-arbstr-deadline-ms must be one whole number from 1 to {} (retry.max_deadline_ms).",
                      config.max_deadline.count()),
          ""};
    }
    limit.time = std::chrono::milliseconds(value);
    limit.source = Source::kHeader;
  }
  if (request.stream && config.streaming == StreamingRetry::kFailFast) {
    limit.time = config.first_event;
    limit.source = Source::kFirstEvent;
  }
  return limit;
}

}  // namespace arbstr::proxy
