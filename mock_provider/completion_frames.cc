#include <fmt/format.h>

#include <cstddef>
#include <string_view>

#include "mock_provider/completion.h"
#include "mock_provider/json_text.h"
#include "mock_provider/words.h"

namespace mock_provider {
namespace {

constexpr std::size_t kArgumentPiece = 12;  // bytes of a tool call's arguments in one frame

class FrameWriter {
 public:
  explicit FrameWriter(const Completion& completion)
      : head_(fmt::format(R"(data: {{"id":{},"object":"chat.completion.chunk","created":{},"model":{},)",
                          QuoteJson(completion.id), completion.created, QuoteJson(completion.model))),
        // A provider that was asked for usage says null in every chunk but the one that has it.
        tail_(completion.include_usage && !completion.usage.empty() ? ",\"usage\":null}\n\n" : "}\n\n") {}

  std::string Delta(std::string_view delta, std::string_view finish_reason = "null") const {
    return fmt::format(R"({}"choices":[{{"index":0,"delta":{},"logprobs":null,"finish_reason":{}}}]{})",
                       head_, delta, finish_reason, tail_);
  }

  std::string Usage(std::string_view usage) const {
    return fmt::format("{}\"choices\":[],\"usage\":{}}}\n\n", head_, usage);
  }

 private:
  std::string head_, tail_;
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
  for (const std::string_view word : SplitWords(completion.text)) {
    frames.push_back(writer.Delta(fmt::format(R"({{"content":{}}})", QuoteJson(word))));
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
