#ifndef ARBSTR_MOCK_PROVIDER_ANSWER_CHOICES_H_
#define ARBSTR_MOCK_PROVIDER_ANSWER_CHOICES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mock_provider {

// `choices` objects with a comma between them, alike but for their index: `append` appends once, to `json`,
// all that follows the index, the brace included.
template <typename Append>
void AppendChoices(std::int64_t choices, std::string& json, const Append& append) {
  constexpr std::string_view kIndex = R"({"index":)";
  json.append(kIndex).push_back('0');
  const std::size_t begin = json.size();
  append(json);
  const std::size_t size = json.size() - begin;
  for (std::int64_t i = 1; i < choices; ++i)
    json.append(",").append(kIndex).append(std::to_string(i)).append(json, begin, size);
}

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_ANSWER_CHOICES_H_
