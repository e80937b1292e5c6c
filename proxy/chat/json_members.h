// Several members of a JSON object, found in one pass over it.
#ifndef ARBSTR_PROXY_CHAT_JSON_MEMBERS_H_
#define ARBSTR_PROXY_CHAT_JSON_MEMBERS_H_

#include <simdjson.h>

#include <array>
#include <cstddef>
#include <cstring>
#include <optional>

namespace arbstr::proxy {

// The value of each of `names`, which differ, in their order. Of two members of one name it is the first, as
// with simdjson's own search, which begins anew for each name.
template <std::size_t... kSizes>
std::array<std::optional<simdjson::dom::element>, sizeof...(kSizes)> FindMembers(
    const simdjson::dom::object& object, const char (&... names)[kSizes]) {
  std::array<std::optional<simdjson::dom::element>, sizeof...(kSizes)> found;
  for (const auto [key, value] : object) {
    // (Sizes that are constants make each comparison a few instructions.)
    const auto is = [&key = key]<std::size_t kSize>(const char(&name)[kSize]) {
      return key.size() == kSize - 1 && std::memcmp(key.data(), name, kSize - 1) == 0;
    };
    std::size_t index = 0;
    if ((... || (is(names) || (++index, false))) && !found[index]) found[index] = value;
  }
  return found;
}

// What `member` is, or nothing where it is not there or of another kind.
template <typename Kind>
std::optional<Kind> As(const std::optional<simdjson::dom::element>& member) {
  Kind value{};
  if (!member || member->get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_JSON_MEMBERS_H_
