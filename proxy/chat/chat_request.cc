#include "proxy/chat/chat_request.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "proxy/chat/parse_json.h"

namespace arbstr::proxy {
namespace {

namespace dom = simdjson::dom;

static_assert(BodyBuffer::kPadding >= simdjson::SIMDJSON_PADDING);

// What half a surrogate pair is read as. No name has it, and the row must say what the client asked for.
constexpr std::string_view kNoCharacter = "\uFFFD";
constexpr int64_t kBytesPerToken = 4;
constexpr int64_t kDefaultOutputTokens = 500;

ApiError InvalidBody(std::string message, std::string param = "") {
  return {400, "invalid_body", std::move(message), std::move(param)};
}

// Reads one object's fields and refuses a second one of the same name: which of two counts differs from
// parser to parser, and the provider's may not be ours.
class BodyReader {
 public:
  explicit BodyReader(bool keep_text) : keep_text_(keep_text) {}

  std::optional<ApiError> Read(const dom::object& object) {
    for (const auto [key, value] : object) {
      if (key == "model") {
        if (Twice(saw_model_, "model")) return error_;
        std::string_view model;
        if (value.get(model) != simdjson::SUCCESS || model.empty()) {
          return InvalidBody("`model` must be a non-empty string.", "model");
        }
        if (model.size() > kMaxModelBytes) {
          return InvalidBody(fmt::format("`model` is longer than {} bytes.", kMaxModelBytes), "model");
        }
        if (model.find(kNoCharacter) != model.npos) {
          return InvalidBody("`model` contains an unpaired surrogate or U+FFFD.", "model");
        }
        request.model = model;
      } else if (key == "messages") {
        if (Twice(saw_messages_, "messages")) return error_;
        if (!ReadMessages(value)) return error_;
      } else if (key == "stream") {
        if (Twice(saw_stream_, "stream")) return error_;
        // null is what SDKs send for "not given".
        if (!value.is_null() && value.get(request.stream) != simdjson::SUCCESS) {
          return InvalidBody("`stream` must be true or false.", "stream");
        }
      } else if (key == "stream_options") {
        if (Twice(saw_stream_options_, "stream_options")) return error_;
        if (!ReadStreamOptions(value)) return error_;
      } else if (key == "n") {
        if (Twice(saw_n_, "n")) return error_;
        uint64_t choices = 0;
        if (value.get(choices) == simdjson::SUCCESS) request.choices = choices;
      }
    }
    if (!saw_model_)
      return InvalidBody("The body has no `model`: name the model that should answer.", "model");
    if (!saw_messages_) {
      return InvalidBody("The body has no `messages`: give a non-empty array of chat messages.", "messages");
    }
    return std::nullopt;
  }

  ChatRequest request;

 private:
  bool Twice(bool& seen, const char* path) {
    if (seen) error_ = InvalidBody(fmt::format("`{}` is given twice: give it once.", path), path);
    return std::exchange(seen, true);
  }

  bool ReadMessages(const dom::element& value) {
    dom::array messages;
    if (value.get(messages) != simdjson::SUCCESS || messages.begin() == messages.end()) {
      error_ = InvalidBody("`messages` must be a non-empty array.", "messages");
      return false;
    }
    std::string_view last_user_text;
    size_t index = 0;
    for (const dom::element message : messages) {
      if (dom::object object; message.get(object) == simdjson::SUCCESS) {
        if (!ReadMessage(object, index, last_user_text)) return false;
      }
      ++index;
    }
    if (keep_text_) request.last_user_text = last_user_text;
    return true;
  }

  bool ReadMessage(const dom::object& message, size_t index, std::string_view& last_user_text) {
    bool saw_role = false, saw_content = false;
    bool user = false;
    std::string_view text;
    for (const auto [key, value] : message) {
      if (key == "role") {
        if (Twice(saw_role, "role")) return InMessage(index);
        std::string_view role;
        user = value.get(role) == simdjson::SUCCESS && role == "user";
      } else if (key == "content") {
        if (Twice(saw_content, "content") || !ReadContent(value, text)) return InMessage(index);
      }
    }
    if (user) last_user_text = text;
    return true;
  }

  // The text of a message's content: itself, or its first part of type text.
  bool ReadContent(const dom::element& content, std::string_view& text) {
    dom::array parts;
    if (content.get(text) == simdjson::SUCCESS || content.get(parts) != simdjson::SUCCESS) return true;
    size_t index = 0;
    for (const dom::element part : parts) {
      dom::object object;
      bool is_text = false;
      if (part.get(object) == simdjson::SUCCESS && !ReadPart(object, index, is_text, text)) return false;
      if (is_text) return true;
      ++index;
    }
    text = {};
    return true;
  }

  bool ReadPart(const dom::object& part, size_t index, bool& is_text, std::string_view& text) {
    bool saw_type = false, saw_text = false, has_text = false;
    for (const auto [key, value] : part) {
      const bool is_type_key = key == "type";
      if (!is_type_key && key != "text") continue;
      if (is_type_key ? Twice(saw_type, "type") : Twice(saw_text, "text")) {
        error_->param = fmt::format("content[{}].{}", index, error_->param);
        return false;
      }
      std::string_view type;
      if (is_type_key) {
        is_text = value.get(type) == simdjson::SUCCESS && type == "text";
      } else {
        has_text = value.get(text) == simdjson::SUCCESS;
      }
    }
    is_text = is_text && has_text;
    return true;
  }

  bool InMessage(size_t index) {
    error_->param = fmt::format("messages[{}].{}", index, error_->param);
    return false;
  }

  bool ReadStreamOptions(const dom::element& value) {
    dom::object options;
    if (value.get(options) != simdjson::SUCCESS) return true;  // the provider's to judge
    bool saw_include_usage = false;
    for (const auto [key, option] : options) {
      if (key != "include_usage") continue;
      if (Twice(saw_include_usage, "stream_options.include_usage")) return false;
      if (bool wanted; option.get(wanted) == simdjson::SUCCESS) request.include_usage = wanted;
    }
    return true;
  }

  const bool keep_text_;
  std::optional<ApiError> error_;
  bool saw_model_ = false, saw_messages_ = false, saw_stream_ = false, saw_stream_options_ = false,
       saw_n_ = false;
};

}  // namespace

std::variant<ChatRequest, ApiError> ReadChatRequest(const BodyBuffer& body, dom::parser& parser,
                                                    bool keep_text) {
  dom::element root;
  const HugeMemoryEnd end(parser);
  if (body.size() == 0)
    return InvalidBody("The body is empty: send a JSON object with `model` and `messages`.");
  if (const auto error = ParseJson(body.view(), parser).get(root)) {
    return InvalidBody(fmt::format("The body is not valid JSON: {}", simdjson::error_message(error)));
  }
  dom::object object;
  if (root.get(object) != simdjson::SUCCESS) return InvalidBody("The body must be a JSON object.");
  BodyReader reader(keep_text);
  if (auto error = reader.Read(object)) return *std::move(error);
  return std::move(reader.request);
}

TokenEstimate EstimateTokens(const BodyBuffer& body, dom::parser& parser) {
  TokenEstimate estimate{0, kDefaultOutputTokens};
  dom::element root;
  dom::array messages;
  const HugeMemoryEnd end(parser);
  if (ParseJson(body.view(), parser).get(root) != simdjson::SUCCESS ||
      root["messages"].get(messages) != simdjson::SUCCESS) {
    return estimate;
  }
  int64_t bytes = 0;
  for (const dom::element message : messages) {
    dom::element content;
    if (message["content"].get(content) != simdjson::SUCCESS) continue;
    dom::array parts;
    if (std::string_view text; content.get(text) == simdjson::SUCCESS)
      bytes += static_cast<int64_t>(text.size());
    if (content.get(parts) != simdjson::SUCCESS) continue;
    for (const dom::element part : parts) {
      std::string_view text;
      if (part["text"].get(text) == simdjson::SUCCESS) bytes += static_cast<int64_t>(text.size());
    }
  }
  estimate.input_tokens = (bytes + kBytesPerToken - 1) / kBytesPerToken;
  for (const char* key : {"max_completion_tokens", "max_tokens"}) {
    int64_t limit = 0;
    if (root[key].get(limit) == simdjson::SUCCESS && limit >= 0) {
      estimate.output_tokens = limit;
      break;
    }
  }
  return estimate;
}

}  // namespace arbstr::proxy
