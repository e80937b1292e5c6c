// What a head costs: read from its bytes, and made for an answer.
//   bazel run -c opt //proxy/http:head_benchmark
#include <benchmark/benchmark.h>

#include <string>

#include "proxy/http/message_parser.h"
#include "proxy/http/response.h"

namespace arbstr::proxy {
namespace {

constexpr std::string_view kRequest =
    "POST /v1/chat/completions HTTP/1.1\r\nHost: api.example.com\r\nAuthorization: Bearer "
    "sk-0123456789abcdef\r\n"
    "Accept: application/json\r\nContent-Type: application/json\r\nUser-Agent: OpenAI/Python 1.109.1\r\n"
    "X-Stainless-Lang: python\r\nX-Stainless-Retry-Count: 0\r\nContent-Length: 400\r\n\r\n";

void BM_ReadRequestHead(benchmark::State& state) {
  for (auto _ : state) {
    RequestParser parser(65536);
    benchmark::DoNotOptimize(parser.PutHead(kRequest));
    benchmark::DoNotOptimize(parser.Header("content-type"));
  }
}
BENCHMARK(BM_ReadRequestHead);

void BM_MakeResponseHead(benchmark::State& state) {
  for (auto _ : state) {
    std::string fields;
    fields.reserve(512);
    AddField(fields, "content-type", "application/json");
    AddField(fields, "x-ratelimit-remaining-requests", "4999");
    AddField(fields, "x-arbstr-provider", "alpha");
    AddField(fields, "x-arbstr-latency-ms", "812");
    AddField(fields, "x-arbstr-cost-sats", "2.50");
    benchmark::DoNotOptimize(FormatHead(200, fields, "0192f0c1-7a3b-7c11-8f00-1234567890ab",
                                        Framing::kContentLength, 1024, false));
  }
}
BENCHMARK(BM_MakeResponseHead);

}  // namespace
}  // namespace arbstr::proxy
