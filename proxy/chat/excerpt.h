// The beginning of a text that a client or a provider sent, for a log line, a row or an error of ours.
#ifndef ARBSTR_PROXY_CHAT_EXCERPT_H_
#define ARBSTR_PROXY_CHAT_EXCERPT_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace arbstr::proxy {

inline constexpr std::size_t kExcerptBytes = 200;

// The first kExcerptBytes of `text` without what cannot be printed, and no character of UTF-8 cut in two.
std::string Excerpt(std::string_view text);

// At most `most` bytes of `text`, without what cannot be printed.
std::string Printable(std::string_view text, std::size_t most);

// At most `most` bytes of `text`, not ending inside a character of UTF-8.
std::string CutText(const std::string& text, std::size_t most);

}  // namespace arbstr::proxy

#endif  // ARBSTR_PROXY_CHAT_EXCERPT_H_
