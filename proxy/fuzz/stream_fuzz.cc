// A provider's event stream, as its bytes come: whole or in any pieces it is cut into the same blocks, which
// mean the same. The input's first line says how long the pieces are, a byte a piece; the rest is the stream.
#include <simdjson.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/chat/sse_block.h"
#include "proxy/chat/stream_head.h"
#include "proxy/chat/stream_inspector.h"

namespace {

using arbstr::proxy::SseSplitter;
using arbstr::proxy::StreamHead;
using arbstr::proxy::StreamInspector;
using Action = StreamInspector::Action;

constexpr size_t kLimit = 4096;  // each piece looks at a copy of all before it

void Promise(bool kept) {
  if (!kept) std::abort();
}

struct Cut {
  std::vector<std::string> blocks;
  // A [DONE] was taken before more came. Were it seen with what follows, it could be part of another event:
  // there a stream's pieces do decide.
  bool done_early = false;
};

// `ends`: how much has come after each piece; the last is all.
Cut Blocks(std::string_view stream, const std::vector<size_t>& ends) {
  Cut cut;
  SseSplitter splitter;
  size_t taken = 0;
  for (const size_t end : ends) {
    while (true) {
      const std::string rest(stream.substr(taken, end - taken));  // of its own: a look past the end is seen
      const auto length = splitter.BlockLength(rest);
      if (!length) {
        cut.done_early =
            cut.done_early || (end < stream.size() && arbstr::proxy::IsDoneWithoutItsEmptyLine(rest));
        break;
      }
      Promise(*length > 0 && *length <= rest.size());
      taken += *length;
      const std::string block = rest.substr(0, *length);
      // After CR CR the block has ended, though an LF may come yet; that makes an empty block of its own.
      if (block == "\n" && !cut.blocks.empty() && cut.blocks.back().ends_with('\r')) {
        cut.blocks.back() += block;
      } else {
        cut.blocks.push_back(block);
      }
    }
  }
  return cut;
}

struct Beginning {
  StreamHead::State state;
  std::string data, message;
  bool operator==(const Beginning&) const = default;
};

Beginning Head(std::string_view stream, const std::vector<size_t>& ends, simdjson::dom::parser& parser) {
  StreamHead head({}, parser);
  std::optional<StreamHead::State> known;
  for (const size_t end : ends) {
    const auto state = head.Look(std::string(stream.substr(0, end)), false);
    Promise(!known || state == *known);
    if (state != StreamHead::State::kOpen) known = state;
  }
  Promise(head.Look(std::string(stream), true) != StreamHead::State::kOpen);
  return {head.state(), head.data(), head.error_message()};
}

void Inspect(const std::vector<std::string>& blocks, simdjson::dom::parser& parser) {
  StreamInspector withholding(false, {}, parser), forwarding(true, {}, parser);
  for (const std::string& block : blocks) {
    const auto event = arbstr::proxy::ParseSseBlock(block);
    Promise(event.data.size() + event.name.size() <= block.size() && (event.has_data || event.data.empty()));
    const Action action = withholding.Inspect(block), other = forwarding.Inspect(block);
    Promise(other == (action == Action::kWithhold ? Action::kForward : action));
    Promise(!(withholding.last_was_chunk() && withholding.last_was_malformed()));
    Promise(action != Action::kWithhold || withholding.last_was_chunk());
    Promise(!withholding.finished_all() || (withholding.finished() && withholding.whole_at_end()));
    Promise(event.has_data ? withholding.any_event() : action == Action::kForward);
  }
  const auto& usage = withholding.usage();
  Promise(!usage || (usage->input_tokens >= 0 && usage->output_tokens >= 0));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > kLimit) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t line = std::min(input.find('\n'), size);
  const std::string_view lengths = input.substr(0, line), stream = input.substr(std::min(line + 1, size));
  std::vector<size_t> ends;
  for (size_t at = 0, i = 0; at < stream.size() && !lengths.empty(); ++i) {
    at += 1 + static_cast<unsigned char>(lengths[i % lengths.size()]) % 64;
    ends.push_back(std::min(at, stream.size()));
  }
  if (ends.empty()) ends.push_back(stream.size());

  simdjson::dom::parser parser;
  const Cut whole = Blocks(stream, {stream.size()}), in_pieces = Blocks(stream, ends);
  Promise(whole.blocks == in_pieces.blocks);
  Inspect(whole.blocks, parser);
  const auto head = Head(stream, {stream.size()}, parser), head_in_pieces = Head(stream, ends, parser);
  Promise(in_pieces.done_early || head == head_in_pieces);
  return 0;
}
