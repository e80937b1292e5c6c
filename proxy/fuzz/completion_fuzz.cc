// A provider's plain answer, good or an error: what is read of it is sane, and what of it is shown is short
// and without secrets. The input's first byte says where in the rest a secret is put.
#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/chat/completion.h"
#include "proxy/chat/excerpt.h"
#include "proxy/chat/mask_secrets.h"

namespace {

using arbstr::proxy::BodyBuffer;

constexpr size_t kLimit = 1 << 14;
constexpr size_t kExcerptBytes = 200;
// No end of one is the beginning of another or of its mask: masking makes none anew.
const std::vector<std::string> kSecrets = {"sk-secret-0123456789abcdef", R"(q"\\w\/key=42)"};
constexpr size_t kShown = 5;  // bytes of a secret that its mask shows at most

void Promise(bool kept) {
  if (!kept) std::abort();
}

bool IsUtf8(const std::string& text) { return simdjson::validate_utf8(text.data(), text.size()); }

void HasNoSecret(const std::string& text) {
  for (const std::string& secret : kSecrets) Promise(text.find(secret) == text.npos);
}

void Read(const std::string& text) {
  BodyBuffer body(kLimit);
  body.Append(text);
  simdjson::dom::parser parser;
  const auto completion = ReadCompletion(body, parser);
  const auto& usage = completion.usage;
  Promise(!usage || (usage->input_tokens >= 0 && usage->output_tokens >= 0));
  const auto message = OpenAiErrorMessage(body, parser);
  Promise(!message || IsUtf8(*message));
}

void Show(const std::string& text) {
  const std::string excerpt = arbstr::proxy::Excerpt(text);
  Promise(excerpt.size() <= kExcerptBytes);
  Promise(IsUtf8(excerpt) || !IsUtf8(text));
  const std::string masked = arbstr::proxy::MaskSecrets(text, kSecrets);
  HasNoSecret(masked);
  const auto string = nlohmann::json::parse('"' + masked + '"', nullptr, false);
  if (string.is_string()) HasNoSecret(string.get<std::string>());
  const std::string shown = arbstr::proxy::MaskedExcerpt(text, kSecrets);
  Promise(shown.size() <= kExcerptBytes);
  HasNoSecret(shown);
  for (const std::string* printable : {&excerpt, &shown}) {
    for (const unsigned char c : *printable) Promise(c >= 0x20 && c != 0x7f);
  }
}

// No part of a secret is left, unless the text has such a part by itself.
void ShowsNoPart(const std::string& before, const std::string& secret, const std::string& after) {
  const std::string part = secret.substr(0, kShown + 1);
  std::string printable;
  for (const unsigned char c : before + '\xff' + after) {
    if (c >= 0x20 && c != 0x7f) printable.push_back(static_cast<char>(c));
  }
  if (printable.find(part) != printable.npos) return;
  Promise(arbstr::proxy::MaskedExcerpt(before + secret + after, kSecrets).find(part) == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > kLimit) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  Read(text);
  Show(text);
  const std::string before = text.substr(0, data[0]), after = text.substr(before.size());
  for (const std::string& secret : kSecrets) {
    Show(before + secret + after);
    ShowsNoPart(before, secret, after);
  }
  return 0;
}
