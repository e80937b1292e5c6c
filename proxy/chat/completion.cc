#include "proxy/chat/completion.h"

#include "proxy/config/mask.h"

namespace arbstr::proxy {
namespace {

namespace dom = simdjson::dom;

constexpr size_t kExcerptBytes = 200;

// The OpenAI chat API's name for a count, or the one of its newer APIs.
std::optional<int64_t> Count(const dom::object& usage, const char* name, const char* other_name) {
  for (const char* key : {name, other_name}) {
    int64_t count = 0;
    if (usage[key].get(count) == simdjson::SUCCESS && count >= 0) return count;
  }
  return std::nullopt;
}

std::optional<dom::element> Parse(const BodyBuffer& body, dom::parser& parser) {
  dom::element root;
  if (body.size() == 0) return std::nullopt;
  if (parser.parse(body.view().data(), body.size(), false).get(root) != simdjson::SUCCESS)
    return std::nullopt;
  return root;
}

}  // namespace

Completion ReadCompletion(const dom::element& root) {
  Completion completion;
  dom::object object;
  if (root.get(object) != simdjson::SUCCESS) return completion;
  dom::object part;
  completion.is_error =
      object["error"].get(part) == simdjson::SUCCESS && object["choices"].error() == simdjson::NO_SUCH_FIELD;
  if (object["usage"].get(part) == simdjson::SUCCESS) {
    const auto input = Count(part, "prompt_tokens", "input_tokens");
    const auto output = Count(part, "completion_tokens", "output_tokens");
    if (input && output) completion.usage = {*input, *output};
    double cost = 0;
    if (part["total_cost"].get(cost) == simdjson::SUCCESS) completion.total_cost = cost;
  }
  return completion;
}

Completion ReadCompletion(const BodyBuffer& body, dom::parser& parser) {
  const auto root = Parse(body, parser);
  return root ? ReadCompletion(*root) : Completion();
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

std::string Excerpt(std::string_view text) {
  std::string excerpt;
  for (const char c : text) {
    if (excerpt.size() == kExcerptBytes) break;
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) excerpt.push_back(c);
  }
  return excerpt;
}

std::string MaskSecret(std::string_view text, const std::string& key) {
  std::string masked(text);
  if (key.empty()) return masked;
  const std::string mask = MaskKey(key);
  for (size_t at = masked.find(key); at != masked.npos; at = masked.find(key, at + mask.size())) {
    masked.replace(at, key.size(), mask);
  }
  return masked;
}

std::string MaskedExcerpt(std::string_view text, const std::string& key) {
  return Excerpt(MaskSecret(text, key));
}

}  // namespace arbstr::proxy
