// A chat request's body: what is read of it holds after it has been changed for a provider, and another JSON
// library reads the same.
#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <variant>

#include "proxy/chat/body_splice.h"
#include "proxy/chat/chat_request.h"

namespace {

using arbstr::proxy::ApiError;
using arbstr::proxy::BodyBuffer;
using arbstr::proxy::ChatRequest;

constexpr size_t kLimit = 1 << 16;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > kLimit) return 0;
  BodyBuffer body(kLimit);
  body.Append({reinterpret_cast<const char*>(data), size});
  simdjson::dom::parser parser;
  const auto read = arbstr::proxy::ReadChatRequest(body, parser);
  if (const auto* error = std::get_if<ApiError>(&read)) {
    if (error->message.empty()) std::abort();
    return 0;
  }
  const auto& request = std::get<ChatRequest>(read);
  const auto tokens = arbstr::proxy::EstimateTokens(body, parser);
  if (tokens.input_tokens < 0 || tokens.output_tokens < 0) std::abort();
  const auto json = nlohmann::json::parse(body.view(), nullptr, false);
  // Numbers beyond a double's range are JSON as well, but the other library refuses them.
  if (!json.is_discarded() && json["model"] != request.model) std::abort();

  const std::string model = "theirs/\"x\"";
  std::string replacements;
  std::string changed;
  for (const std::string_view piece : SpliceBody(body, {&model, true}, replacements)) changed += piece;
  BodyBuffer spliced(2 * kLimit);
  spliced.Append(changed);
  const auto again = arbstr::proxy::ReadChatRequest(spliced, parser);
  const auto* sent = std::get_if<ChatRequest>(&again);
  if (sent == nullptr || sent->model != model || sent->stream != request.stream ||
      sent->last_user_text != request.last_user_text) {
    std::abort();
  }
  return 0;
}
