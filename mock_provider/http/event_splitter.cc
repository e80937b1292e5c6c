#include "mock_provider/http/event_splitter.h"

#include <utility>

namespace mock_provider {
namespace {

// Whether an empty line ends here: "\n\n", or the same with carriage returns.
bool EndsEvent(std::string_view text) {
  return text.ends_with("\n\n") || text.ends_with("\n\r\n") || text.ends_with("\r\r");
}

}  // namespace

std::vector<std::string> EventSplitter::Add(std::string_view bytes) {
  std::vector<std::string> events;
  for (const char byte : bytes) {
    rest_ += byte;
    if (EndsEvent(rest_) || rest_.size() >= longest_) events.push_back(std::exchange(rest_, {}));
  }
  return events;
}

std::string EventSplitter::TakeRest() { return std::exchange(rest_, {}); }

std::vector<std::string> SplitEvents(std::string_view body) {
  EventSplitter splitter;
  std::vector<std::string> events = splitter.Add(body);
  if (std::string rest = splitter.TakeRest(); !rest.empty()) events.push_back(std::move(rest));
  return events;
}

}  // namespace mock_provider
