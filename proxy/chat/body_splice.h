// The two changes that a body may need on its way to a provider, spliced between its bytes: nothing is
// serialised anew.
#ifndef ARBSTR_PROXY_CHAT_BODY_SPLICE_H_
#define ARBSTR_PROXY_CHAT_BODY_SPLICE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/http/body_buffer.h"

namespace arbstr::proxy {

struct BodyChanges {
  const std::string* model = nullptr;  // the provider's name for it; null: as it is
  bool include_usage = false;          // add stream_options.include_usage: true
};

// Replace `length` bytes of a body at `offset`.
struct BodyEdit {
  size_t offset;
  size_t length;
  std::string text;
};

// Where the two would be made.
struct BodyPlaces {
  std::optional<BodyEdit> model;  // with no text yet
  std::optional<BodyEdit> include_usage;
};

// Of a body that ReadChatRequest has read without error. Takes as long as reading it.
BodyPlaces FindPlaces(const BodyBuffer& body);

// The pieces, at most five, that one after the other are the changed body. They point into `body`, into
// `changes` and into `replacements`, which is overwritten. `body` has been read by ReadChatRequest without
// error. `places`: what FindPlaces has said of it; null: it is asked, where there is anything to change.
std::vector<std::string_view> SpliceBody(const BodyBuffer& body, const BodyChanges& changes,
                                         std::string& replacements, const BodyPlaces* places = nullptr);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_BODY_SPLICE_H_
