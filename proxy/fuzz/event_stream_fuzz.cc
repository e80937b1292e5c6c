// A provider's event stream: blocks and the judgement of its head depend on the bytes alone, not on how they
// come, and the blocks are the stream. The first byte of the input says how it is cut.
#include <simdjson.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
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

struct Seen {
  std::vector<std::string> blocks;
  std::string rest;
  bool operator==(const Seen&) const = default;
};

Seen Split(std::string_view bytes, size_t piece) {
  SseSplitter splitter;
  Seen seen;
  while (true) {
    while (const auto length = splitter.BlockLength(seen.rest)) {
      seen.blocks.push_back(seen.rest.substr(0, *length));
      seen.rest.erase(0, *length);
    }
    if (bytes.empty()) return seen;
    seen.rest += bytes.substr(0, piece);
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
}

StreamHead::State Judge(std::string_view bytes, size_t piece, simdjson::dom::parser& parser) {
  StreamHead head(parser);
  for (size_t come = 0; come < bytes.size() && head.state() == StreamHead::State::kOpen;) {
    come = std::min(come + piece, bytes.size());
    head.Look(bytes.substr(0, come), false);
  }
  return head.Look(bytes, true);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const size_t piece = 1 + data[0] % 32;
  simdjson::dom::parser parser;

  // A CR at the end of a piece may be half of a CRLF: the LF then begins the next block's text or ends this
  // one's, so only the bytes are compared, and the blocks where no CR is.
  const Seen whole = Split(bytes, bytes.size() + 1);
  const Seen pieces = Split(bytes, piece);
  const bool has_cr = bytes.find('\r') != bytes.npos;
  if (!has_cr && !(whole == pieces)) std::abort();
  std::string together;
  for (const std::string& block : pieces.blocks) together += block;
  if (together + pieces.rest != bytes) std::abort();

  StreamInspector inspector(false, parser);
  for (const std::string& block : whole.blocks) inspector.Inspect(block);
  if (inspector.any_token() && !inspector.any_event()) std::abort();
  if (!has_cr && Judge(bytes, piece, parser) != Judge(bytes, bytes.size() + 1, parser)) std::abort();
  return 0;
}
