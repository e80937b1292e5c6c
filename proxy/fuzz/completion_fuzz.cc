// A provider's body: what is read of it makes sense, and a key in it never comes out of an excerpt.
#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "proxy/chat/completion.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr size_t kLimit = 1 << 16;
  if (size > kLimit) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  arbstr::proxy::BodyBuffer body(kLimit);
  body.Append(text);
  simdjson::dom::parser parser;
  const auto completion = arbstr::proxy::ReadCompletion(body, parser);
  if (completion.usage && (completion.usage->input_tokens < 0 || completion.usage->output_tokens < 0)) {
    std::abort();
  }
  const std::string key = "sk-secret-0123456789";
  for (const size_t at : {size_t{0}, size / 2, size}) {
    const std::string told = std::string(text.substr(0, at)) + key + std::string(text.substr(at));
    if (arbstr::proxy::MaskSecret(told, key).find(key) != std::string::npos) std::abort();
    if (arbstr::proxy::MaskedExcerpt(told, {key}).find("secret-0123456789") != std::string::npos)
      std::abort();
  }
  return 0;
}
