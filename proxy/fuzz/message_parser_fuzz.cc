// A client's request or a provider's response, as its bytes come: whole or in any pieces they say the same,
// and within the limits. The first byte of the input chooses which of the two, and how it is cut.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "proxy/http/testing_feed.h"

namespace {

using arbstr::proxy::Feed;
using arbstr::proxy::ParseStatus;

constexpr size_t kHeadLimit = 1024;
constexpr size_t kBodyLimit = 512;

template <bool kRequest>
void Check(std::string_view bytes, size_t piece, bool ends) {
  const auto whole = Feed<kRequest>(
      bytes, [](size_t left) { return left; }, kHeadLimit, kBodyLimit, ends);
  const auto in_pieces = Feed<kRequest>(
      bytes, [piece](size_t left) { return left < piece ? left : piece; }, kHeadLimit, kBodyLimit, ends);
  // A mistake may be seen before the head has come whole, or only then; what one takes both must take.
  if ((whole.status == ParseStatus::kDone) != (in_pieces.status == ParseStatus::kDone)) std::abort();
  if (whole.body.size() > kBodyLimit) std::abort();
  // What is wrong may be found at another byte of the same mistake; what is right must be the same.
  if (whole.status == ParseStatus::kDone && !(whole == in_pieces)) std::abort();
  for (const char c : whole.fields) {
    if (c == '\0' || c == '\r') std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const size_t piece = 1 + (data[0] >> 2);
  const bool ends = (data[0] & 2) != 0;
  if ((data[0] & 1) != 0) {
    Check<true>(bytes, piece, ends);
  } else {
    Check<false>(bytes, piece, ends);
  }
  return 0;
}
