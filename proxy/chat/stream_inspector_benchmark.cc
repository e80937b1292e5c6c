// What a stream's event costs: found in the bytes that came, parsed, looked at.
//   bazel run -c opt //proxy/chat:stream_inspector_benchmark
#include <benchmark/benchmark.h>

#include <string>

#include "proxy/chat/sse_block.h"
#include "proxy/chat/stream_inspector.h"

namespace arbstr::proxy {
namespace {

constexpr std::string_view kEvent =
    "data: {\"id\":\"chatcmpl-0123456789\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,"
    "\"model\":\"gpt-4o\",\"system_fingerprint\":\"fp_0123456789\",\"choices\":[{\"index\":0,\"delta\":"
    "{\"content\":\" word\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n";

void BM_FindAndInspectEvent(benchmark::State& state) {
  simdjson::dom::parser json;
  StreamInspector inspector(/*forward_usage=*/false, {}, json);
  SseSplitter splitter;
  for (auto _ : state) {
    const auto length = splitter.BlockLength(kEvent);
    benchmark::DoNotOptimize(inspector.Inspect(kEvent.substr(0, *length)));
  }
}
BENCHMARK(BM_FindAndInspectEvent);

}  // namespace
}  // namespace arbstr::proxy
