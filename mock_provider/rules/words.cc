#include "mock_provider/rules/words.h"

#include <cstddef>

namespace mock_provider {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

}  // namespace

std::vector<std::string_view> SplitWords(std::string_view text) {
  std::vector<std::string_view> words;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t word = text.find_first_not_of(kSpace, begin);
    std::size_t end = word == text.npos ? text.npos : text.find_first_of(kSpace, word);
    if (end != text.npos && text.find_first_not_of(kSpace, end) == text.npos) end = text.npos;
    words.push_back(text.substr(begin, end == text.npos ? text.npos : end - begin));
    begin = end == text.npos ? text.size() : end;
  }
  return words;
}

std::int64_t CountWords(std::string_view text) {
  std::int64_t count = 0;
  bool inside = false;
  for (const char c : text) {
    const bool space = kSpace.find(c) != kSpace.npos;
    if (!space && !inside) ++count;
    inside = !space;
  }
  return count;
}

}  // namespace mock_provider
