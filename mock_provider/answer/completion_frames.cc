#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "mock_provider/answer/choices.h"
#include "mock_provider/answer/completion.h"
#include "mock_provider/http/json_text.h"
#include "mock_provider/rules/words.h"

namespace mock_provider {
namespace {

constexpr std::size_t kArgumentPiece = 12;  // bytes of a tool call's arguments in one frame

class FrameWriter {
 public:
  explicit FrameWriter(const Completion& completion)
      : head_(fmt::format(
            R"(data: {{"id":{},"object":"chat.completion.chunk","created":{},"model":{},"choices":[)",
            QuoteJson(completion.id), completion.created, QuoteJson(completion.model))),
        // A provider that was asked for usage says null in every chunk but the one that has it.
        tail_(completion.include_usage && !completion.usage.empty() ? ",\"usage\":null}\n\n" : "}\n\n"),
        choices_(completion.choices) {}

  std::string Delta(std::string_view delta, std::string_view finish_reason = "null") const {
    return Frame(finish_reason, delta.size(), [&](std::string& frame) { frame.append(delta); });
  }

  // A stream may have thousands of these, and all are written at its start: no piece is formatted twice.
  std::string Content(std::string_view text) const {
    constexpr std::string_view kKey = R"({"content":)";
    return Frame("null", kKey.size() + text.size(), [&](std::string& frame) {
      frame.append(kKey);
      AppendQuoted(frame, text);
      frame.push_back('}');
    });
  }

  std::string Usage(std::string_view usage) const {
    return fmt::format("{}],\"usage\":{}}}\n\n", head_, usage);
  }

 private:
  static constexpr std::string_view kDelta = R"(,"delta":)";
  static constexpr std::string_view kFinish = R"(,"logprobs":null,"finish_reason":)";

  // The delta of each choice is what `append` appends once, about `room` bytes.
  template <typename Append>
  std::string Frame(std::string_view finish_reason, std::size_t room, const Append& append) const {
    const std::size_t choice = kDelta.size() + room + kFinish.size() + finish_reason.size();
    std::string frame;
    frame.reserve(head_.size() + static_cast<std::size_t>(choices_) * (choice + 24) + tail_.size() + 16);
    frame.append(head_);
    AppendChoices(choices_, frame, [&](std::string& to) {
      to.append(kDelta);
      append(to);
      to.append(kFinish).append(finish_reason).push_back('}');
    });
    return frame.append("]").append(tail_);
  }

  const std::string head_, tail_;
  const std::int64_t choices_;
};

// The end of the piece that begins at `begin`, never inside a character.
std::size_t PieceEnd(std::string_view text, std::size_t begin) {
  std::size_t end = std::min(text.size(), begin + kArgumentPiece);
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) ++end;
  return end;
}

void AddToolCall(const ToolCall& call, std::size_t index, const FrameWriter& writer,
                 std::vector<std::string>& frames) {
  frames.push_back(writer.Delta(fmt::format(
      R"({{"tool_calls":[{{"index":{},"id":{},"type":"function","function":{{"name":{},"arguments":""}}}}]}})",
      index, QuoteJson(call.id), QuoteJson(call.name))));
  const std::string_view arguments = call.arguments;
  for (std::size_t begin = 0; begin < arguments.size();) {
    const std::size_t end = PieceEnd(arguments, begin);
    frames.push_back(
        writer.Delta(fmt::format(R"({{"tool_calls":[{{"index":{},"function":{{"arguments":{}}}}}]}})", index,
                                 QuoteJson(arguments.substr(begin, end - begin)))));
    begin = end;
  }
}

}  // namespace

std::vector<std::string> CompletionFrames(const Completion& completion) {
  const FrameWriter writer(completion);
  std::vector<std::string> frames;
  frames.push_back(writer.Delta(completion.tool_calls.empty() || !completion.text.empty()
                                    ? R"({"role":"assistant","content":""})"
                                    : R"({"role":"assistant","content":null})"));
  const std::vector<std::string_view> words = SplitWords(completion.text);
  frames.reserve(words.size() + 4);
  for (const std::string_view word : words) {
    frames.push_back(writer.Content(word));
  }
  for (std::size_t i = 0; i < completion.tool_calls.size(); ++i) {
    AddToolCall(completion.tool_calls[i], i, writer, frames);
  }
  frames.push_back(writer.Delta("{}", QuoteJson(completion.finish_reason)));
  if (completion.include_usage && !completion.usage.empty()) frames.push_back(writer.Usage(completion.usage));
  frames.push_back("data: [DONE]\n\n");
  return frames;
}

}  // namespace mock_provider
