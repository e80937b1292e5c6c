// Cuts a stream of server-sent events into its events, wherever the pieces it comes in are cut.
#ifndef ARBSTR_MOCK_PROVIDER_HTTP_EVENT_SPLITTER_H_
#define ARBSTR_MOCK_PROVIDER_HTTP_EVENT_SPLITTER_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mock_provider {

class EventSplitter {
 public:
  // An event that is longer is handed on in parts, so that no stream fills the memory.
  explicit EventSplitter(std::size_t longest = 1 << 20) : longest_(longest) {}

  // The events that these bytes complete, each with the empty line that ends it.
  std::vector<std::string> Add(std::string_view bytes);

  // What came after the last whole event; empty where nothing did.
  std::string TakeRest();

 private:
  const std::size_t longest_;
  std::string rest_;
};

// All of a body's events, and after them what follows the last whole one, if anything does.
std::vector<std::string> SplitEvents(std::string_view body);

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_HTTP_EVENT_SPLITTER_H_
