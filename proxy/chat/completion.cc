#include "proxy/chat/completion.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "proxy/chat/json_members.h"
#include "proxy/chat/parse_json.h"
#include "proxy/config/mask.h"

namespace arbstr::proxy {
namespace {

namespace dom = simdjson::dom;

constexpr size_t kExcerptBytes = 200;

// A count by the OpenAI chat API's name for it, or by that of its newer APIs.
std::optional<int64_t> Count(const std::optional<dom::element>& member,
                             const std::optional<dom::element>& other_member) {
  for (const auto* each : {&member, &other_member}) {
    if (const auto count = As<int64_t>(*each); count && *count >= 0) return count;
  }
  return std::nullopt;
}

std::optional<dom::element> Parse(const BodyBuffer& body, dom::parser& parser) {
  dom::element root;
  if (body.size() == 0) return std::nullopt;
  if (ParseJson(body.view(), parser).get(root) != simdjson::SUCCESS) return std::nullopt;
  return root;
}

// At most `most` bytes of `text`, without what cannot be printed.
std::string Printable(std::string_view text, size_t most) {
  std::string printable;
  for (const char c : text) {
    if (printable.size() == most) break;
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) printable.push_back(c);
  }
  return printable;
}

// At most `most` bytes, not ending inside a character of UTF-8.
std::string Cut(const std::string& text, size_t most) {
  if (text.size() <= most) return text;
  size_t end = most;
  while (end > 0 && most - end < 4 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

constexpr size_t kLongestEscape = 6;  // \u0041

// The character that a JSON escape at the beginning of `text` stands for, and its length; 0: it is none, or
// none of a byte.
std::pair<char, size_t> Unescaped(std::string_view text) {
  if (text.size() < 2 || text[0] != '\\') return {};
  if (text[1] == '"' || text[1] == '\\' || text[1] == '/') return {text[1], 2};
  unsigned code = 0;
  if (text[1] != 'u' || text.size() < kLongestEscape ||
      std::from_chars(text.data() + 2, text.data() + 6, code, 16).ptr != text.data() + 6 || code > 0x7f) {
    return {};
  }
  return {static_cast<char>(code), kLongestEscape};
}

// How much of the beginning of `text` is `key`, plain or escaped; 0: it is not there.
size_t LengthOfSecret(std::string_view text, std::string_view key) {
  if (text.starts_with(key)) return key.size();  // a key may itself look like an escape
  size_t at = 0;
  for (const char c : key) {
    const auto [unescaped, length] = Unescaped(text.substr(at));
    if (length > 0 && unescaped == c) {
      at += length;
    } else if (at < text.size() && text[at] == c) {
      ++at;
    } else {
      return 0;
    }
  }
  return at;
}

}  // namespace

AnswerMembers ReadAnswerMembers(const dom::object& answer) {
  const auto [error, choices, usage] = FindMembers(answer, "error", "choices", "usage");
  return {error, choices, usage};
}

Completion ReadCompletion(const AnswerMembers& answer) {
  Completion completion;
  completion.is_error = As<dom::object>(answer.error) && !answer.choices;
  if (const auto usage = As<dom::object>(answer.usage)) {
    const auto [prompt_tokens, input_tokens, completion_tokens, output_tokens, total_cost] = FindMembers(
        *usage, "prompt_tokens", "input_tokens", "completion_tokens", "output_tokens", "total_cost");
    const auto input = Count(prompt_tokens, input_tokens);
    const auto output = Count(completion_tokens, output_tokens);
    if (input && output) completion.usage = {*input, *output};
    const auto cost = As<double>(total_cost);
    if (cost && std::abs(*cost) < kBeyondLimits) completion.total_cost = cost;
  }
  return completion;
}

Completion ReadCompletion(const BodyBuffer& body, dom::parser& parser) {
  const auto answer = As<dom::object>(Parse(body, parser));
  return answer ? ReadCompletion(ReadAnswerMembers(*answer)) : Completion();
}

std::optional<std::string> OpenAiErrorMessage(const BodyBuffer& body, dom::parser& parser) {
  const auto root = Parse(body, parser);
  if (!root) return std::nullopt;
  dom::object object, error;
  std::string_view message;
  if (root->get(object) != simdjson::SUCCESS || object["error"].get(error) != simdjson::SUCCESS ||
      error["message"].get(message) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  return std::string(message);
}

std::string Excerpt(std::string_view text) { return Cut(Printable(text, kExcerptBytes + 1), kExcerptBytes); }

std::string MaskSecret(std::string_view text, const std::string& key) {
  if (key.empty()) return std::string(text);
  const std::string mask = MaskKey(key);
  const char starts[] = {key.front(), '\\'};
  std::string masked;
  for (size_t at = 0; at < text.size();) {
    const size_t found = std::min(text.find_first_of(std::string_view(starts, 2), at), text.size());
    masked.append(text.substr(at, found - at));
    const size_t length = LengthOfSecret(text.substr(found), key);
    if (length > 0) {
      masked.append(mask);
    } else {
      masked.append(text.substr(found, 1));
    }
    at = found + std::max<size_t>(length, 1);
  }
  return masked;
}

std::string MaskSecrets(std::string text, const std::vector<std::string>& secrets) {
  std::string masked = std::move(text);
  const bool has_escapes = masked.find('\\') != masked.npos;
  for (const std::string& secret : secrets) {
    if (has_escapes || masked.find(secret) != masked.npos) masked = MaskSecret(masked, secret);
  }
  return masked;
}

size_t LongestSecret(const std::vector<std::string>& secrets) {
  size_t longest = 0;
  for (const std::string& secret : secrets) longest = std::max(longest, kLongestEscape * secret.size());
  return longest;
}

std::string MaskedBeginning(std::string_view beginning, bool cut, const std::vector<std::string>& secrets) {
  std::string masked = MaskSecrets(std::string(beginning), secrets);
  if (cut) masked.resize(masked.size() - std::min(masked.size(), LongestSecret(secrets)));
  return masked;
}

std::string MaskedExcerpt(std::string_view text, const std::vector<std::string>& secrets) {
  const size_t window = 4096 + LongestSecret(secrets);  // of a long text only the beginning is looked at
  const std::string printable = Printable(text, window);
  return Cut(MaskedBeginning(printable, printable.size() == window, secrets), kExcerptBytes);
}

}  // namespace arbstr::proxy
